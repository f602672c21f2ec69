//! Stories about the live connection.

mod delivery;
mod frames;
mod nodes;
mod repair;
mod sockets;
