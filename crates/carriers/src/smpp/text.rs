//! The text of one part as this carrier writes and reads it: data coding, header, optional parameters.
//! Never changes a text: what cannot be written is refused with the reason.

use convo_phone::sms::{Encoding, Part, Payload, Reference, UserData, decode_gsm7, encode_gsm7, encode_ucs2};

use super::message::Delivered;
use super::pdu::tag;
use super::settings::{DefaultAlphabet, LongMessages, Text};

/// In `esm_class`: the text begins with a header.
pub const HAS_HEADER: u8 = 0x40;

const DEFAULT: u8 = 0;
const IA5: u8 = 1;
const LATIN_1: u8 = 3;
const UCS_2: u8 = 8;
/// A class of message (3GPP TS 23.038, 4): the default alphabet, or octets if the bit of eight is set.
const MESSAGE_CLASS: u8 = 0xF0;
const OF_OCTETS: u8 = 0x04;

/// What a short message holds.
const MAX_OCTETS: usize = 140;
/// What the field for it holds, in which a septet may take a whole octet.
const MAX_FIELD_OCTETS: usize = 254;
const CARRIAGE_RETURN: u8 = 0x0D;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub esm_class: u8,
    pub data_coding: u8,
    /// The text stands in the parameter `message_payload`.
    pub as_parameter: bool,
    pub octets: Vec<u8>,
    pub parameters: Vec<(u16, Vec<u8>)>,
}

/// As the settings want it.
pub fn write(payload: &Payload, text: &Text) -> Result<Written, &'static str> {
    let mut written = Written {
        esm_class: 0,
        data_coding: if payload.encoding == Encoding::Ucs2 { UCS_2 } else { DEFAULT },
        as_parameter: text.long_messages == LongMessages::MessagePayload && payload.part.is_some(),
        octets: Vec::new(),
        parameters: Vec::new(),
    };
    let mut payload = payload.clone();
    if text.long_messages == LongMessages::Sar
        && let Some(part) = payload.part.take()
    {
        written.parameters = sar(part);
    }
    if payload.part.is_some() {
        written.esm_class = HAS_HEADER;
    }
    written.octets = match (payload.encoding, text.default_alphabet) {
        (Encoding::Ucs2, _) | (Encoding::Gsm7, DefaultAlphabet::Unpacked) => payload.unpacked(),
        (Encoding::Gsm7, DefaultAlphabet::Packed) => pack(payload),
        (Encoding::Gsm7, DefaultAlphabet::Latin1) => {
            let (data_coding, octets) = as_latin1(payload)?;
            written.data_coding = data_coding;
            octets
        }
    };
    if written.octets.len() > MAX_FIELD_OCTETS {
        return Err("the part is longer than a short message");
    }
    Ok(written)
}

fn sar(part: Part) -> Vec<(u16, Vec<u8>)> {
    let reference = match part.reference {
        Reference::Short(reference) => u16::from(reference),
        Reference::Long(reference) => reference,
    };
    vec![
        (tag::SAR_MSG_REF_NUM, reference.to_be_bytes().to_vec()),
        (tag::SAR_TOTAL_SEGMENTS, vec![part.total]),
        (tag::SAR_SEGMENT_SEQNUM, vec![part.number]),
    ]
}

/// This link tells octets and no septets: seven bits left over would read as an `@`, so they become a carriage return (23.038, 6.1.2.3.1).
fn pack(mut payload: Payload) -> Vec<u8> {
    let septets = payload.packed().length;
    let ends_whole = septets > 0 && septets.is_multiple_of(8) && payload.body.last() == Some(&CARRIAGE_RETURN);
    if septets % 8 == 7 || ends_whole {
        payload.body.push(CARRIAGE_RETURN);
    }
    payload.packed().octets
}

/// What Latin-1 has not (`€`, Greek capitals) is sent as UCS-2, if the part is short enough.
fn as_latin1(payload: Payload) -> Result<(u8, Vec<u8>), &'static str> {
    let text = decode_gsm7(&payload.body);
    let header = payload.part.map(Part::octets).unwrap_or_default();
    let latin: Option<Vec<u8>> = text.chars().map(|sign| u8::try_from(sign).ok()).collect();
    if let Some(latin) = latin {
        return Ok((DEFAULT, [header, latin].concat()));
    }
    let octets = [header, encode_ucs2(&text)].concat();
    if octets.len() > MAX_OCTETS {
        return Err("the carrier's alphabet is Latin-1, which cannot say this part, and it is too long for UCS-2");
    }
    Ok((UCS_2, octets))
}

/// As the carrier wrote it. `None` for what is no text: octets for a program on the telephone, or a coding that nobody here can read.
pub fn read(delivered: &Delivered, default_alphabet: DefaultAlphabet) -> Option<Payload> {
    let has_header = delivered.esm_class & HAS_HEADER != 0;
    let octets = &delivered.octets;
    let mut payload = match (coding(delivered.data_coding)?, default_alphabet) {
        (UCS_2, _) => unpacked(octets, Encoding::Ucs2, has_header),
        (DEFAULT, DefaultAlphabet::Unpacked) => unpacked(octets, Encoding::Gsm7, has_header),
        (DEFAULT, DefaultAlphabet::Packed) => packed(octets, has_header),
        _ => latin1(octets, has_header),
    };
    payload.part = payload.part.or(delivered.sar);
    Some(payload)
}

fn coding(data_coding: u8) -> Option<u8> {
    match data_coding {
        DEFAULT | UCS_2 => Some(data_coding),
        IA5 | LATIN_1 => Some(LATIN_1),
        class if class & MESSAGE_CLASS == MESSAGE_CLASS && class & OF_OCTETS == 0 => Some(DEFAULT),
        // A class with its alphabet (23.038: 00x1 bbxx), as for a text that shows at once.
        0x10..=0x13 => Some(DEFAULT),
        0x18..=0x1B => Some(UCS_2),
        _ => None,
    }
}

/// A header that does not fit its octets is read as text: strange, but not lost.
fn unpacked(octets: &[u8], encoding: Encoding, has_header: bool) -> Payload {
    let read = Payload::from_unpacked(octets, encoding, has_header);
    read.unwrap_or_else(|_| Payload { part: None, encoding, body: octets.to_vec() })
}

fn packed(octets: &[u8], has_header: bool) -> Payload {
    let septets = octets.len() * 8 / 7;
    let data = UserData { octets: octets.to_vec(), length: septets, has_header };
    let Ok(mut payload) = Payload::from_packed(&data, Encoding::Gsm7) else {
        return packed(octets, false);
    };
    if septets.is_multiple_of(8) && payload.body.last() == Some(&CARRIAGE_RETURN) {
        payload.body.pop();
    }
    payload
}

fn latin1(octets: &[u8], has_header: bool) -> Payload {
    let raw = unpacked(octets, Encoding::Gsm7, has_header);
    let text: String = raw.body.iter().map(|octet| char::from(*octet)).collect();
    match encode_gsm7(&text) {
        Some(body) => Payload { body, ..raw },
        None => Payload { encoding: Encoding::Ucs2, body: encode_ucs2(&text), ..raw },
    }
}

#[cfg(test)]
mod tests {
    use convo_phone::sms::{join, split};
    use proptest::prelude::*;

    use super::*;

    fn sent_and_read(text: &str, form: &Text) -> String {
        let payloads = split(text).payloads(42).unwrap();
        let read: Vec<_> = payloads
            .iter()
            .map(|payload| {
                let written = write(payload, form).unwrap();
                let mut delivered = Delivered {
                    esm_class: written.esm_class,
                    data_coding: written.data_coding,
                    octets: written.octets,
                    ..Delivered::default()
                };
                delivered.take_parameters(written.parameters.iter().map(|(tag, value)| (*tag, value.as_slice())));
                super::read(&delivered, form.default_alphabet).unwrap()
            })
            .collect();
        join(&read).unwrap()
    }

    fn forms() -> Vec<Text> {
        let alphabets = [DefaultAlphabet::Unpacked, DefaultAlphabet::Packed, DefaultAlphabet::Latin1];
        let long = [LongMessages::Header, LongMessages::Sar, LongMessages::MessagePayload];
        let pairs = alphabets.into_iter().flat_map(|alphabet| long.map(|long| (alphabet, long)));
        pairs
            .map(|(default_alphabet, long_messages)| Text { default_alphabet, long_messages, ..Text::default() })
            .collect()
    }

    #[test]
    fn every_form_is_read_as_it_was_written() {
        for form in forms() {
            for text in ["", "hello", "1234567", "12345678", "naïve? no: ñ, é", "день", "👩‍🚀"] {
                assert_eq!(sent_and_read(text, &form), text, "{form:?}");
            }
            for text in ["a".repeat(400), "мир 👍 ".repeat(60)] {
                assert_eq!(sent_and_read(&text, &form), text, "{form:?}");
            }
        }
    }

    #[test]
    fn what_latin_1_has_not_is_sent_as_ucs_2_or_refused() {
        let form = Text { default_alphabet: DefaultAlphabet::Latin1, ..Text::default() };
        assert_eq!(sent_and_read("5 €", &form), "5 €");
        let long = split(&"€a".repeat(40)).payloads(1).unwrap().remove(0);
        assert!(write(&long, &form).is_err());
    }

    #[test]
    fn a_part_says_so_in_the_way_that_the_carrier_wants() {
        let part = split(&"a".repeat(200)).payloads(9).unwrap().remove(1);
        let header = write(&part, &Text::default()).unwrap();
        assert_eq!((header.esm_class, &header.octets[..6]), (0x40, &[5, 0, 3, 9, 2, 2][..]));
        let sar = write(&part, &Text { long_messages: LongMessages::Sar, ..Text::default() }).unwrap();
        assert_eq!(sar.esm_class, 0);
        assert_eq!(sar.parameters, [(0x020C, vec![0, 9]), (0x020E, vec![2]), (0x020F, vec![2])]);
    }

    #[test]
    fn octets_for_programs_are_no_text() {
        for data_coding in [2, 4, 6, 0xF5] {
            let delivered = Delivered { data_coding, octets: vec![1, 2, 3], ..Delivered::default() };
            assert_eq!(read(&delivered, DefaultAlphabet::Unpacked), None);
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read_without_panic(octets in proptest::collection::vec(any::<u8>(), 0..200), esm_class: u8, data_coding: u8) {
            let delivered = Delivered { esm_class, data_coding, octets, ..Delivered::default() };
            for alphabet in [DefaultAlphabet::Unpacked, DefaultAlphabet::Packed, DefaultAlphabet::Latin1] {
                if let Some(payload) = read(&delivered, alphabet) {
                    payload.text();
                }
            }
        }
    }
}
