//! The bodies of frames that carry a text or a receipt: `submit_sm` out, `deliver_sm` and `data_sm` in; and that of the bind.
//! Knows where the fields stand, and not what they mean.

use convo_phone::sms::{Part, Reference};

use super::address::Address;
use super::pdu::{Fields, TooShort, command, latin1, put_parameter, put_string, tag};
use super::settings::Settings;
use super::text::Written;

const INTERFACE_VERSION: u8 = 0x34;

/// The answer to a text that arrived: an empty id.
pub const EMPTY_ID: &[u8] = &[0];

pub fn bind(settings: &Settings) -> Vec<u8> {
    let mut body = Vec::new();
    put_string(&mut body, settings.system_id.as_bytes());
    put_string(&mut body, settings.password.expose().as_bytes());
    put_string(&mut body, settings.system_type.as_bytes());
    // No range of addresses: the carrier knows which are ours.
    body.extend([INTERFACE_VERSION, 0, 0, 0]);
    body
}

pub fn submit(from: &Address, to: &Address, written: &Written, settings: &Settings) -> Vec<u8> {
    let mut body = Vec::with_capacity(64 + written.octets.len());
    put_string(&mut body, b"");
    from.put(&mut body);
    to.put(&mut body);
    // Neither protocol nor priority, and at once.
    body.extend([written.esm_class, 0, 0, 0]);
    put_string(&mut body, settings.text.validity_secs.map(relative_time).unwrap_or_default().as_bytes());
    body.extend([settings.text.receipts.octet(), 0, written.data_coding, 0]);
    if written.as_parameter {
        body.push(0);
        put_parameter(&mut body, tag::MESSAGE_PAYLOAD, &written.octets);
    } else {
        // A part is at most 160 septets.
        body.push(written.octets.len() as u8);
        body.extend_from_slice(&written.octets);
    }
    for (tag, value) in &written.parameters {
        put_parameter(&mut body, *tag, value);
    }
    body
}

/// `YYMMDDhhmmss`, tenths, no zone, `R` (7.1.1.2).
fn relative_time(secs: u32) -> String {
    let (days, hours, minutes) = (secs / 86_400, secs / 3_600 % 24, secs / 60 % 60);
    format!("0000{days:02}{hours:02}{minutes:02}{:02}000R", secs % 60)
}

/// What arrived.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivered {
    pub from: Option<Address>,
    pub to: Option<Address>,
    pub esm_class: u8,
    pub data_coding: u8,
    pub octets: Vec<u8>,
    /// A part that its parameters say, not its header.
    pub sar: Option<Part>,
    pub receipted_id: Option<String>,
    pub message_state: Option<u8>,
    /// The kind of network, and its code.
    pub network_error: Option<(u8, u16)>,
}

impl Delivered {
    pub fn read(command: u32, body: &[u8]) -> Result<Self, TooShort> {
        let mut fields = Fields(body);
        fields.string();
        let mut delivered = Self {
            from: Some(Address::read(&mut fields)?),
            to: Some(Address::read(&mut fields)?),
            esm_class: fields.octet()?,
            ..Self::default()
        };
        if command == command::DATA_SM {
            fields.octet()?;
            delivered.data_coding = fields.octet()?;
        } else {
            fields.octets(2)?;
            fields.string();
            fields.string();
            fields.octets(2)?;
            delivered.data_coding = fields.octet()?;
            fields.octet()?;
            let length = usize::from(fields.octet()?);
            delivered.octets = fields.octets(length)?.to_vec();
        }
        delivered.take_parameters(fields.parameters());
        Ok(delivered)
    }

    pub fn take_parameters<'a>(&mut self, parameters: impl Iterator<Item = (u16, &'a [u8])>) {
        let (mut reference, mut total, mut number) = (None, None, None);
        for (tag, value) in parameters {
            match (tag, value) {
                (tag::MESSAGE_PAYLOAD, _) if self.octets.is_empty() => self.octets = value.to_vec(),
                (tag::RECEIPTED_MESSAGE_ID, _) => {
                    self.receipted_id = Some(latin1(value)).filter(|id| !id.is_empty());
                }
                (tag::MESSAGE_STATE, [state, ..]) => self.message_state = Some(*state),
                (tag::NETWORK_ERROR_CODE, [kind, high, low]) => {
                    self.network_error = Some((*kind, u16::from_be_bytes([*high, *low])));
                }
                (tag::SAR_MSG_REF_NUM, [high, low]) => reference = Some(u16::from_be_bytes([*high, *low])),
                (tag::SAR_TOTAL_SEGMENTS, [octet]) => total = Some(*octet),
                (tag::SAR_SEGMENT_SEQNUM, [octet]) => number = Some(*octet),
                _ => {}
            }
        }
        if let (Some(reference), Some(total), Some(number)) = (reference, total, number)
            && (1..=total).contains(&number)
            && total > 1
        {
            self.sar = Some(Part { reference: Reference::Long(reference), number, total });
        }
    }
}

/// The answer to a submission: the id, and what the carrier adds in words.
pub fn read_answer(body: &[u8]) -> (String, Option<String>) {
    let mut fields = Fields(body);
    let id = latin1(fields.string());
    let mut parameters = fields.parameters();
    let words = parameters.find(|(tag, _)| *tag == tag::ADDITIONAL_STATUS_INFO_TEXT).map(|(_, value)| latin1(value));
    (id, words.filter(|words| !words.is_empty()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_validity_is_days_hours_minutes_and_seconds() {
        assert_eq!(relative_time(3 * 86_400), "000003000000000R");
        assert_eq!(relative_time(86_400 + 2 * 3_600 + 3 * 60 + 4), "000001020304000R");
    }

    #[test]
    fn an_unknown_parameter_is_passed_over_and_a_cut_one_ends_them() {
        let mut body = b"\0\x01\x01447700900461\0\x03\x0060300\0\0\0\0\0\0\0\0\0\0\x02hi".to_vec();
        put_parameter(&mut body, 0x1400, b"theirs");
        put_parameter(&mut body, tag::MESSAGE_STATE, &[2]);
        body.extend([0x04, 0x24, 0xFF, 0xFF, 1]);
        let delivered = Delivered::read(command::DELIVER_SM, &body).unwrap();
        assert_eq!(delivered.octets, b"hi");
        assert_eq!(delivered.message_state, Some(2));
        assert_eq!(delivered.to.unwrap().characters, b"60300");
    }

    #[test]
    fn an_answer_without_its_zero_or_without_a_body_is_read() {
        assert_eq!(read_answer(b"abc"), ("abc".to_owned(), None));
        assert_eq!(read_answer(b""), (String::new(), None));
        assert_eq!(read_answer(b"a\0\0\x1D\0\x03no\0"), ("a".to_owned(), Some("no".to_owned())));
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Delivered::read(command::DELIVER_SM, &body);
            let _ = Delivered::read(command::DATA_SM, &body);
            read_answer(&body);
        }
    }
}
