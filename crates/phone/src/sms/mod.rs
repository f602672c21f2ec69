//! Short messages as the phone network has them: alphabets, segments, headers (3GPP TS 23.038 and 23.040).
//! Knows no network and no price; the same code serves the composer's preview, the charge and the wire.

mod alphabet;
mod header;
mod pack;
mod payload;
mod preview;
mod segments;

pub use alphabet::{decode as decode_gsm7, encode as encode_gsm7};
pub use header::{Part, Reference};
pub use pack::{decode_ucs2, encode_ucs2, pack, pack_padded, unpack, unpack_padded};
pub use payload::{Malformed, NotWhole, Payload, TooLong, UserData, join};
pub use preview::{Offender, Preview, plainer, preview};
pub use segments::{Encoding, MAX_SEGMENTS, Segment, Split, split, split_as_ucs2};
