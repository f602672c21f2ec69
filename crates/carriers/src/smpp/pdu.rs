//! The frames of SMPP 3.4 and the fields within them, both ways.
//! Reads generously and by bounds alone: one strange field never costs the link, and no length is believed before it is checked.
//!
//! `rusmpp` was looked at and is not used: it refuses a whole frame for one field (a sender's name that is not ASCII, a receipt's id
//! without its final zero) and then stands somewhere within it. A text that cannot be read would close the link and come again on the next, for ever.

use bytes::{Buf, Bytes, BytesMut};

pub mod command {
    pub const GENERIC_NACK: u32 = 0x8000_0000;
    pub const BIND_RECEIVER: u32 = 0x01;
    pub const BIND_TRANSMITTER: u32 = 0x02;
    pub const SUBMIT_SM: u32 = 0x04;
    pub const DELIVER_SM: u32 = 0x05;
    pub const UNBIND: u32 = 0x06;
    pub const BIND_TRANSCEIVER: u32 = 0x09;
    pub const OUTBIND: u32 = 0x0B;
    pub const ENQUIRE_LINK: u32 = 0x15;
    pub const ALERT_NOTIFICATION: u32 = 0x0102;
    pub const DATA_SM: u32 = 0x0103;
    /// The bit that makes a command its answer.
    pub const RESPONSE: u32 = 0x8000_0000;
}

pub mod tag {
    pub const ADDITIONAL_STATUS_INFO_TEXT: u16 = 0x001D;
    pub const RECEIPTED_MESSAGE_ID: u16 = 0x001E;
    pub const SAR_MSG_REF_NUM: u16 = 0x020C;
    pub const SAR_TOTAL_SEGMENTS: u16 = 0x020E;
    pub const SAR_SEGMENT_SEQNUM: u16 = 0x020F;
    pub const NETWORK_ERROR_CODE: u16 = 0x0423;
    pub const MESSAGE_PAYLOAD: u16 = 0x0424;
    pub const MESSAGE_STATE: u16 = 0x0427;
}

const HEADER_BYTES: usize = 16;
/// The largest `message_payload` with everything that can stand around it.
pub const MAX_PDU_BYTES: usize = 70_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdu {
    pub command: u32,
    pub status: u32,
    pub sequence: u32,
    pub body: Bytes,
}

/// A length that no frame has: what follows cannot be told apart any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a frame of {0} octets cannot be")]
pub struct WrongLength(pub u32);

/// A field goes on beyond its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a field goes on beyond its frame")]
pub struct TooShort;

impl Pdu {
    pub fn new(command: u32, sequence: u32, body: impl Into<Bytes>) -> Self {
        Self { command, status: 0, sequence, body: body.into() }
    }

    pub fn octets(&self) -> Vec<u8> {
        let length = HEADER_BYTES + self.body.len();
        let mut octets = Vec::with_capacity(length);
        for field in [length as u32, self.command, self.status, self.sequence] {
            octets.extend(field.to_be_bytes());
        }
        octets.extend_from_slice(&self.body);
        octets
    }
}

/// Octets as they arrive, cut into frames. Never holds more than the largest frame and what one read adds.
#[derive(Default)]
pub struct Frames {
    octets: BytesMut,
}

impl Frames {
    const READ_BYTES: usize = 16 * 1024;

    /// Where the next read goes.
    pub fn space(&mut self) -> &mut BytesMut {
        self.octets.reserve(Self::READ_BYTES);
        &mut self.octets
    }

    /// The next whole frame, if there is one.
    pub fn next(&mut self) -> Result<Option<Pdu>, WrongLength> {
        let Some(mut header) = self.octets.get(..HEADER_BYTES) else { return Ok(None) };
        let (length, command, status, sequence) =
            (header.get_u32(), header.get_u32(), header.get_u32(), header.get_u32());
        let whole = usize::try_from(length).map_err(|_| WrongLength(length))?;
        if !(HEADER_BYTES..=MAX_PDU_BYTES).contains(&whole) {
            return Err(WrongLength(length));
        }
        if self.octets.len() < whole {
            return Ok(None);
        }
        let mut frame = self.octets.split_to(whole).freeze();
        frame.advance(HEADER_BYTES);
        Ok(Some(Pdu { command, status, sequence, body: frame }))
    }
}

/// Reads the fields of a body in their order.
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    pub fn octet(&mut self) -> Result<u8, TooShort> {
        let (first, rest) = self.0.split_first().ok_or(TooShort)?;
        self.0 = rest;
        Ok(*first)
    }

    pub fn octets(&mut self, count: usize) -> Result<&'a [u8], TooShort> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(TooShort)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Up to its zero; some peers leave that of the last field away.
    pub fn string(&mut self) -> &'a [u8] {
        let mut pieces = self.0.splitn(2, |octet| *octet == 0);
        let string = pieces.next().unwrap_or_default();
        self.0 = pieces.next().unwrap_or_default();
        string
    }

    /// Optional parameters: whatever stands behind the fields. One that is cut off ends them.
    pub fn parameters(self) -> impl Iterator<Item = (u16, &'a [u8])> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let tag = rest.octets(2).ok()?;
            let length = rest.octets(2).ok()?;
            let value = rest.octets(usize::from(u16::from_be_bytes([length[0], length[1]]))).ok()?;
            Some((u16::from_be_bytes([tag[0], tag[1]]), value))
        })
    }
}

/// Of ids and words; the protocol says 65 for ids and 255 for words (5.2.23, 5.3.2.11).
const MAX_STRING_CHARS: usize = 255;

/// Latin-1, which every octet is, up to its first zero; control characters, and spaces around it, are nobody's. So long at most.
pub fn latin1(octets: &[u8]) -> String {
    let signs = octets.iter().take_while(|octet| **octet != 0).map(|octet| char::from(*octet));
    let text: String = signs.filter(|sign| !sign.is_control()).take(MAX_STRING_CHARS).collect();
    text.trim().to_owned()
}

/// Writes a string with its zero. The caller has made sure that there is none within.
pub fn put_string(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(text);
    out.push(0);
}

pub fn put_parameter(out: &mut Vec<u8>, tag: u16, value: &[u8]) {
    out.extend(tag.to_be_bytes());
    out.extend((value.len() as u16).to_be_bytes());
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(length: u32) -> Vec<u8> {
        [length, command::ENQUIRE_LINK, 0, 7].into_iter().flat_map(u32::to_be_bytes).collect()
    }

    #[test]
    fn a_length_that_cannot_be_is_told_at_once() {
        for length in [0, 1, 15, MAX_PDU_BYTES as u32 + 1, i32::MAX as u32, u32::MAX] {
            let mut frames = Frames::default();
            frames.space().extend_from_slice(&frame(length));
            assert_eq!(frames.next(), Err(WrongLength(length)));
        }
    }

    #[test]
    fn frames_come_whole_however_they_are_cut() {
        let sent = [Pdu::new(command::ENQUIRE_LINK, 1, Bytes::new()), Pdu::new(command::SUBMIT_SM, 2, vec![1, 2, 3])];
        let octets: Vec<u8> = sent.iter().flat_map(Pdu::octets).collect();
        for size in 1..=octets.len() {
            let mut frames = Frames::default();
            let mut read = Vec::new();
            for chunk in octets.chunks(size) {
                frames.space().extend_from_slice(chunk);
                while let Some(pdu) = frames.next().unwrap() {
                    read.push(pdu);
                }
            }
            assert_eq!(read, sent, "in pieces of {size}");
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read_within_bounds(
            chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..600), 0..12),
            small in any::<bool>(),
        ) {
            let mut frames = Frames::default();
            for mut chunk in chunks {
                // Half of the runs have lengths that could be, so that bodies are reached.
                if small && chunk.len() > 4 {
                    let length = [0, 0, chunk[2] % 2, chunk[3]];
                    chunk[..4].copy_from_slice(&length);
                }
                frames.space().extend_from_slice(&chunk);
                loop {
                    match frames.next() {
                        Ok(Some(pdu)) => {
                            let mut fields = Fields(&pdu.body);
                            let _ = (fields.string(), fields.octet(), fields.octets(9));
                            fields.parameters().for_each(drop);
                        }
                        Ok(None) => break,
                        Err(_) => return Ok(()),
                    }
                }
                prop_assert!(frames.octets.len() <= MAX_PDU_BYTES);
            }
        }
    }
}
