//! What one short message carries: perhaps a header that numbers it, then septets or UTF-16; written and read in the two forms of the wire.
//! Never keeps or waits for parts: who collects them says when a message is complete.

use super::alphabet;
use super::header::{self, Part, Reference};
use super::pack;
use super::segments::{Encoding, MAX_SEGMENTS, Split};

/// A header or a length that does not fit its octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the user data of the message is malformed")]
pub struct Malformed;

/// The text needs more segments than a header can number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text needs {segments} segments, and {MAX_SEGMENTS} is the most")]
pub struct TooLong {
    pub segments: usize,
}

/// Why parts do not make a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotWhole {
    #[error("a part is missing")]
    Missing,
    #[error("the parts are of different messages")]
    Mixed,
}

/// One segment as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    pub part: Option<Part>,
    pub encoding: Encoding,
    /// Septets, one per byte and not packed, or the octets of UTF-16, the higher first.
    pub body: Vec<u8>,
}

/// The user data of a short message (TP-UD and TP-UDL of 23.040).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserData {
    pub octets: Vec<u8>,
    /// In septets for GSM 7 bit, in octets for UCS-2; the header counts, with its fill bits.
    pub length: usize,
    /// Whether the octets begin with a header (TP-UDHI).
    pub has_header: bool,
}

impl Split<'_> {
    /// Each segment as it travels. More than one are numbered under the reference, which should differ between messages to the same phone.
    pub fn payloads(&self, reference: u8) -> Result<Vec<Payload>, TooLong> {
        let segments = self.segments.len();
        let total = u8::try_from(segments).map_err(|_| TooLong { segments })?;
        let payloads = self.texts().zip(1..=total).map(|(text, number)| Payload {
            part: (total > 1).then_some(Part { reference: Reference::Short(reference), number, total }),
            encoding: self.encoding,
            body: match self.encoding {
                Encoding::Gsm7 => alphabet::encode(text).expect("the encoding has every character of its text"),
                Encoding::Ucs2 => pack::encode_ucs2(text),
            },
        });
        Ok(payloads.collect())
    }
}

impl Payload {
    /// As on the radio: septets packed, with the fill bits that let them begin on a border of seven after a header.
    pub fn packed(&self) -> UserData {
        let mut octets = self.part.map(Part::octets).unwrap_or_default();
        let (header, has_header) = (octets.len(), self.part.is_some());
        match self.encoding {
            Encoding::Gsm7 => {
                let septets = header_septets(header);
                octets.extend(pack::pack(&self.body, septets * 7 - header * 8));
                UserData { octets, length: septets + self.body.len(), has_header }
            }
            Encoding::Ucs2 => {
                octets.extend_from_slice(&self.body);
                UserData { length: octets.len(), octets, has_header }
            }
        }
    }

    /// As most SMPP links want it: the header, then one septet per octet, or UTF-16.
    pub fn unpacked(&self) -> Vec<u8> {
        let mut octets = self.part.map(Part::octets).unwrap_or_default();
        octets.extend_from_slice(&self.body);
        octets
    }

    /// Reads the form of [`Payload::packed`].
    pub fn from_packed(data: &UserData, encoding: Encoding) -> Result<Self, Malformed> {
        let (part, header) = read_header(&data.octets, data.has_header)?;
        let body = &data.octets[header..];
        let body = match encoding {
            Encoding::Gsm7 => {
                let septets = header_septets(header);
                let count = data.length.checked_sub(septets).ok_or(Malformed)?;
                let body = pack::unpack(body, septets * 7 - header * 8, count);
                if body.len() < count {
                    return Err(Malformed);
                }
                body
            }
            Encoding::Ucs2 => {
                let count = data.length.checked_sub(header).ok_or(Malformed)?;
                body.get(..count).ok_or(Malformed)?.to_vec()
            }
        };
        Ok(Self { part, encoding, body })
    }

    /// Reads the form of [`Payload::unpacked`].
    pub fn from_unpacked(octets: &[u8], encoding: Encoding, has_header: bool) -> Result<Self, Malformed> {
        let (part, header) = read_header(octets, has_header)?;
        Ok(Self { part, encoding, body: octets[header..].to_vec() })
    }

    /// What this segment alone says. A pair that its sender cut in two shows as a space or U+FFFD; [`join`] reads it whole.
    pub fn text(&self) -> String {
        decode(self.encoding, &self.body)
    }
}

/// The text of all parts of one message, given in any order; the same part twice is read once.
pub fn join(payloads: &[Payload]) -> Result<String, NotWhole> {
    let first = payloads.first().ok_or(NotWhole::Missing)?;
    let Some(Part { reference, total, .. }) = first.part else {
        return if payloads.iter().all(|other| other == first) { Ok(first.text()) } else { Err(NotWhole::Mixed) };
    };
    let mut parts: Vec<Option<&Payload>> = vec![None; usize::from(total)];
    for payload in payloads {
        let part = payload.part.filter(|part| part.reference == reference && part.total == total);
        let part = part.ok_or(NotWhole::Mixed)?;
        parts[usize::from(part.number) - 1].get_or_insert(payload);
    }
    let parts: Vec<&Payload> = parts.into_iter().collect::<Option<_>>().ok_or(NotWhole::Missing)?;
    // Bodies of one encoding are read together: other senders cut pairs.
    let runs = parts.chunk_by(|one, next| one.encoding == next.encoding);
    let texts = runs.map(|run| {
        let body: Vec<u8> = run.iter().flat_map(|payload| payload.body.iter().copied()).collect();
        decode(run[0].encoding, &body)
    });
    Ok(texts.collect())
}

fn decode(encoding: Encoding, body: &[u8]) -> String {
    match encoding {
        Encoding::Gsm7 => alphabet::decode(body),
        Encoding::Ucs2 => pack::decode_ucs2(body),
    }
}

fn read_header(octets: &[u8], has_header: bool) -> Result<(Option<Part>, usize), Malformed> {
    if has_header { header::read(octets) } else { Ok((None, 0)) }
}

/// How many septets the header takes, fill bits included.
fn header_septets(octets: usize) -> usize {
    (octets * 8).div_ceil(7)
}
