//! What a receipt says: its parameters first, else the text that carriers write in its place (SMPP 3.4, appendix B), each in a way of their own.
//! Pure; never trusts the words of the person's text within it. Its dates have no zone, so they are not used.

use super::message::Delivered;
use crate::{Failure, Outcome};

/// The bits of `esm_class` that say what kind of message it is.
const KIND: u8 = 0x3C;
const RECEIPT: u8 = 0x04;
/// Says how far a text is before its end is known.
const INTERMEDIATE: u8 = 0x20;

const GSM: u8 = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// As the carrier writes it, that of the parameters before that of the text. Empty if it says none.
    pub ids: Vec<String>,
    pub outcome: Outcome,
    pub detail: String,
    pub text: Option<String>,
}

pub const MAX_ID_BYTES: usize = 65;
const MAX_DETAIL_CHARS: usize = 255;

pub fn is_receipt(delivered: &Delivered) -> bool {
    matches!(delivered.esm_class & KIND, RECEIPT | INTERMEDIATE)
        // Some forget the bits; no text has both of these.
        || (delivered.receipted_id.is_some() && delivered.message_state.is_some())
}

/// `text` is that of the message, decoded.
pub fn read(delivered: &Delivered, text: &str) -> Told {
    let text = text.replace('\0', "");
    let fields = Fields::read(&text);
    let state = delivered.message_state.and_then(State::of_number).or(fields.state());
    let mut ids: Vec<String> = delivered.receipted_id.clone().into_iter().chain(fields.id.clone()).collect();
    // No carrier writes longer ones (5.2.23), and some databases index none.
    ids.retain(|id| id.len() <= MAX_ID_BYTES);
    ids.dedup();
    Told {
        ids,
        outcome: outcome(state, delivered.network_error),
        detail: detail(delivered, &fields, state).chars().take(MAX_DETAIL_CHARS).collect(),
        text: fields.text,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    EnRoute,
    Delivered,
    Expired,
    Deleted,
    Undeliverable,
    Accepted,
    Unknown,
    Rejected,
    Skipped,
}

impl State {
    const NUMBERED: [(u8, Self); 9] = [
        (1, Self::EnRoute),
        (2, Self::Delivered),
        (3, Self::Expired),
        (4, Self::Deleted),
        (5, Self::Undeliverable),
        (6, Self::Accepted),
        (7, Self::Unknown),
        (8, Self::Rejected),
        (9, Self::Skipped),
    ];

    /// How the seven letters of the protocol begin, and the whole words that some write.
    const WORDS: [(&str, Self); 12] = [
        ("ENROUTE", Self::EnRoute),
        ("BUFFER", Self::EnRoute),
        ("DELIV", Self::Delivered),
        ("EXPIR", Self::Expired),
        ("DELET", Self::Deleted),
        ("UNDELIV", Self::Undeliverable),
        ("FAIL", Self::Undeliverable),
        ("ACCEP", Self::Accepted),
        ("ACKED", Self::Accepted),
        ("UNKN", Self::Unknown),
        ("REJEC", Self::Rejected),
        ("SKIP", Self::Skipped),
    ];

    fn of_number(number: u8) -> Option<Self> {
        Self::NUMBERED.into_iter().find(|(other, _)| *other == number).map(|(_, state)| state)
    }

    fn of_word(word: &str) -> Option<Self> {
        let word = word.to_ascii_uppercase();
        let found = Self::WORDS.into_iter().find(|(start, _)| word.starts_with(start)).map(|(_, state)| state);
        found.or_else(|| Self::of_number(word.parse().ok()?))
    }
}

/// "Unknown" is nothing final to us: the carrier may learn more, and a part that we called lost could not be found again.
fn outcome(state: Option<State>, network_error: Option<(u8, u16)>) -> Outcome {
    let failure = match state {
        None | Some(State::EnRoute | State::Accepted | State::Unknown) => return Outcome::Underway,
        Some(State::Delivered) => return Outcome::Delivered,
        Some(State::Expired) => Failure::Expired,
        Some(State::Deleted | State::Undeliverable | State::Rejected | State::Skipped) => Failure::Unspecified,
    };
    let failure = network_error.and_then(of_network).unwrap_or(failure);
    Outcome::Undelivered { failure }
}

/// The causes of GSM's MAP (3GPP TS 29.002, 17.6.6) that say more than "not delivered"; other networks number them otherwise.
fn of_network((kind, code): (u8, u16)) -> Option<Failure> {
    match (kind, code) {
        (GSM, 1 | 5) => Some(Failure::UnknownHandset),
        (GSM, 13) => Some(Failure::Blocked),
        (GSM, 6 | 27 | 31) => Some(Failure::Unreachable),
        _ => None,
    }
}

/// Not the person's words, which the text may repeat.
fn detail(delivered: &Delivered, fields: &Fields, state: Option<State>) -> String {
    let stat = fields.stat.clone().or_else(|| state.map(|state| format!("{state:?}")));
    let err = fields.err.as_ref().map(|err| format!("err {err}"));
    let network = delivered.network_error.map(|(kind, code)| format!("network {kind} error {code}"));
    [stat, err, network].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `id:… sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 text:…`: in any case and order, any of them absent.
#[derive(Debug, Default)]
struct Fields {
    id: Option<String>,
    stat: Option<String>,
    err: Option<String>,
    text: Option<String>,
}

/// A field's name ends the one before it.
const NAMES: [&str; 14] = [
    "id",
    "sub",
    "dlvrd",
    "dlvr",
    "submit date",
    "submit_date",
    "submitdate",
    "done date",
    "done_date",
    "donedate",
    "stat",
    "status",
    "err",
    "text",
];
/// The longest value that is kept of a field; that of the text is what a receipt repeats of it.
const MAX_VALUE_CHARS: usize = 160;

impl Fields {
    /// The first of each name counts. Once id and state are known, everything after `text:` is the person's.
    fn read(text: &str) -> Self {
        let mut fields = Self::default();
        let mut rest = text;
        while let Some((name, value_at)) = next_name(rest) {
            rest = &rest[value_at..];
            let is_last = name == "text" && fields.id.is_some() && fields.stat.is_some();
            let end = if is_last { rest.len() } else { next_name_starts(rest) };
            let value = rest[..end].trim();
            let word = || value.split([' ', ',', ';']).next().map(str::to_owned).filter(|word| !word.is_empty());
            match name {
                "id" => fields.id = fields.id.or_else(word),
                "stat" | "status" => fields.stat = fields.stat.or_else(word),
                "err" => fields.err = fields.err.or_else(word),
                "text" if !value.is_empty() => {
                    fields.text.get_or_insert_with(|| value.chars().take(MAX_VALUE_CHARS).collect());
                }
                _ => {}
            }
            rest = &rest[end..];
        }
        fields
    }

    fn state(&self) -> Option<State> {
        State::of_word(self.stat.as_ref()?)
    }
}

fn next_name(text: &str) -> Option<(&'static str, usize)> {
    let (at, name) = find_name(text)?;
    let colon = text[at + name.len()..].find(':')?;
    Some((name, at + name.len() + colon + 1))
}

fn next_name_starts(text: &str) -> usize {
    find_name(text).map_or(text.len(), |(at, _)| at)
}

/// A name stands at the start or after what is no letter or digit, and before a colon.
fn find_name(text: &str) -> Option<(usize, &'static str)> {
    let mut before = ' ';
    for (at, sign) in text.char_indices() {
        if !before.is_alphanumeric() && before != '_' {
            let named = NAMES.into_iter().find(|name| {
                text.get(at..at + name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                    && text[at + name.len()..].trim_start_matches(' ').starts_with(':')
            });
            if let Some(name) = named {
                return Some((at, name));
            }
        }
        before = sign;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIXTURES: &str = include_str!("fixtures/receipts.txt");

    fn shown(told: &Told) -> String {
        let outcome = match told.outcome {
            Outcome::Underway => "underway".to_owned(),
            Outcome::Delivered => "delivered".to_owned(),
            Outcome::Undelivered { failure } => format!("undelivered {}", failure.code()),
        };
        let id = told.ids.first().map_or("-", String::as_str);
        format!("{outcome} | {id} | {} | {}", told.detail, told.text.as_deref().unwrap_or("-"))
    }

    /// Each is the receipt's text, then what it says: outcome, id, detail, text.
    #[test]
    fn receipts_of_many_carriers_are_read() {
        let lines: Vec<_> = FIXTURES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(lines.len() >= 50);
        for pair in lines.chunks(2) {
            let text = pair[0].replace("\\n", "\n");
            assert_eq!(shown(&read(&Delivered::default(), &text)), pair[1].trim(), "{text}");
        }
    }

    #[test]
    fn parameters_count_more_than_the_text() {
        let delivered = Delivered {
            esm_class: 4,
            receipted_id: Some("77".to_owned()),
            message_state: Some(5),
            network_error: Some((GSM, 1)),
            ..Delivered::default()
        };
        let told = read(&delivered, "id:4D stat:DELIVRD err:000 text:hi");
        assert_eq!(told.ids, ["77", "4D"]);
        assert_eq!(told.outcome, Outcome::Undelivered { failure: Failure::UnknownHandset });
        assert_eq!(told.detail, "DELIVRD, err 000, network 3 error 1");
    }

    #[test]
    fn a_receipt_is_told_from_a_text() {
        for (esm_class, expected) in
            [(0x00, false), (0x04, true), (0x44, true), (0x20, true), (0x08, false), (0x40, false)]
        {
            assert_eq!(is_receipt(&Delivered { esm_class, ..Delivered::default() }), expected);
        }
        let unmarked = Delivered { receipted_id: Some("1".to_owned()), message_state: Some(2), ..Delivered::default() };
        assert!(is_receipt(&unmarked));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(id:|stat:|text ?:|err:|[ -~é😀]{0,9}){0,12}") {
            read(&Delivered::default(), &text);
        }
    }
}
