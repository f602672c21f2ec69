//! The user data header of a short message (3GPP TS 23.040, 9.2.3.24): which part of a longer message this is.
//! Reads past all other information elements (ports, pictures, language tables); writes none of them.

use super::payload::Malformed;

/// Concatenated short messages, 8 bit reference (23.040, 9.2.3.24.1).
const CONCATENATED_8: u8 = 0x00;
/// Concatenated short messages, 16 bit reference (23.040, 9.2.3.24.8).
const CONCATENATED_16: u8 = 0x08;

/// Which part of which message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// Told apart from those of other messages between the same two; 8 or 16 bits.
    pub reference: Reference,
    /// Counted from one.
    pub number: u8,
    pub total: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    Short(u8),
    Long(u16),
}

impl Part {
    /// The header, its length first.
    pub fn octets(self) -> Vec<u8> {
        match self.reference {
            Reference::Short(reference) => vec![5, CONCATENATED_8, 3, reference, self.total, self.number],
            Reference::Long(reference) => {
                let [high, low] = reference.to_be_bytes();
                vec![6, CONCATENATED_16, 4, high, low, self.total, self.number]
            }
        }
    }
}

/// Takes the header off: what it says of parts, and how many octets it took, its length included.
/// A part that cannot be (number zero, or beyond the total) is passed over as if it were not there, as 23.040 wants it.
pub fn read(octets: &[u8]) -> Result<(Option<Part>, usize), Malformed> {
    let length = usize::from(*octets.first().ok_or(Malformed)?);
    let mut elements = octets.get(1..=length).ok_or(Malformed)?;
    let mut part = None;
    while let [element, length, rest @ ..] = elements {
        let (data, after) = rest.split_at_checked(usize::from(*length)).ok_or(Malformed)?;
        // Of two, the last counts (23.040, 9.2.3.24).
        part = concatenation(*element, data).or(part);
        elements = after;
    }
    if elements.is_empty() { Ok((part, length + 1)) } else { Err(Malformed) }
}

fn concatenation(element: u8, data: &[u8]) -> Option<Part> {
    let (reference, total, number) = match (element, data) {
        (CONCATENATED_8, [reference, total, number]) => (Reference::Short(*reference), *total, *number),
        (CONCATENATED_16, [high, low, total, number]) => {
            (Reference::Long(u16::from_be_bytes([*high, *low])), *total, *number)
        }
        _ => return None,
    };
    (number > 0 && number <= total).then_some(Part { reference, number, total })
}
