//! Carries events to sockets and frames from them, for user ids.
//! It knows no feature and never reads the database itself.

pub mod hub;
mod rooms;
pub mod socket;
mod wire;

use std::time::Duration;

pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// A larger frame is still read up to here, so that its sender can be told; who sends more than this is cut off.
pub const MAX_READ_BYTES: usize = 4 * MAX_FRAME_BYTES;
pub const AUTH_WITHIN: Duration = Duration::from_secs(5);
pub const PING_EVERY: Duration = Duration::from_secs(30);
pub const SYNC_EVERY: Duration = Duration::from_secs(60);
/// Frames of one socket that are worked on at once.
pub const MAX_IN_FLIGHT: usize = 32;
/// Of one person on one node in `FRAMES_WINDOW`, over all their sockets.
pub const FRAMES: u32 = 500;
pub const FRAMES_WINDOW: Duration = Duration::from_secs(10);
/// The time over which clients spread their coming back after a restart.
pub const RECONNECT_WITHIN: Duration = Duration::from_secs(5);

/// Close codes of the protocol (docs/realtime.md).
pub mod close {
    pub const RESTART: u16 = 1012;
    pub const TOO_LARGE: u16 = 1009;
    pub const UNAUTHORIZED: u16 = 4001;
    pub const AUTH_TIMEOUT: u16 = 4008;
    pub const SLOW: u16 = 4013;
    pub const TOO_MANY: u16 = 4029;
}
