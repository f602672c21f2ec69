//! Stories about accounts.

mod admin;
mod invitations;
mod keys;
mod passwords;
mod pictures;
mod profiles;
mod registration;
mod sessions;
mod setup;
mod smtp;
mod web;
