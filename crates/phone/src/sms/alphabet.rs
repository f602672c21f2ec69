//! The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1), both ways.
//! Knows no national language tables: nobody may send in them here, and what comes in with one reads as the default alphabet.

/// Announces that the next septet is looked up in the extension table.
pub const ESCAPE: u8 = 0x1B;

/// By septet. The escape has no character of its own; alone it is shown as a space (6.2.1, note 1).
const DEFAULT: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', // 0x00
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', ' ', 'Æ', 'æ', 'ß', 'É', // 0x10
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/', // 0x20
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', // 0x30
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', // 0x40
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', // 0x50
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', // 0x60
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à', // 0x70
];

/// The septet after an escape, and what the two say.
const EXTENSION: [(u8, char); 10] = [
    (0x0A, '\u{0C}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2F, '\\'),
    (0x3C, '['),
    (0x3D, '~'),
    (0x3E, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

/// No character has this septet.
const NONE: u8 = 0xFF;

/// Latin-1 is nearly every character of a text, so that those are one look.
const LATIN: [u8; 256] = {
    let mut septets = [NONE; 256];
    let mut at = 0;
    while at < DEFAULT.len() {
        if at as u8 != ESCAPE && (DEFAULT[at] as usize) < septets.len() {
            septets[DEFAULT[at] as usize] = at as u8;
        }
        at += 1;
    }
    septets
};

/// How a character is written in this alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// A septet of the default table.
    Plain(u8),
    /// An escape, then this septet.
    Escaped(u8),
}

/// The septets of a character, `None` if a text with it must be sent as UCS-2.
pub fn written(character: char) -> Option<Written> {
    if let Some(&septet) = LATIN.get(character as usize)
        && septet != NONE
    {
        return Some(Written::Plain(septet));
    }
    if let Some((septet, _)) = EXTENSION.iter().find(|(_, other)| *other == character) {
        return Some(Written::Escaped(*septet));
    }
    // The ten Greek capitals that do not look like Latin ones.
    ('Γ'..='Ω')
        .contains(&character)
        .then(|| DEFAULT.iter().position(|other| *other == character).map(|septet| Written::Plain(septet as u8)))
        .flatten()
}

/// A text as septets, one per byte and not packed. `None` if a character is not in the alphabet.
pub fn encode(text: &str) -> Option<Vec<u8>> {
    let mut septets = Vec::with_capacity(text.len());
    for character in text.chars() {
        match written(character)? {
            Written::Plain(septet) => septets.push(septet),
            Written::Escaped(septet) => septets.extend([ESCAPE, septet]),
        }
    }
    Some(septets)
}

/// The text of septets, one per byte; the eighth bit does not count.
/// An escape before a septet that the extension table does not have shows that of the default table;
/// a second escape, or one at the end, shows a space (6.2.1.1, notes 1 and 3).
pub fn decode(septets: &[u8]) -> String {
    let mut text = String::with_capacity(septets.len());
    let mut septets = septets.iter().map(|septet| septet & 0x7F);
    while let Some(septet) = septets.next() {
        if septet != ESCAPE {
            text.push(DEFAULT[usize::from(septet)]);
            continue;
        }
        let shown = septets.next().map_or(' ', |septet| {
            let extension = EXTENSION.iter().find(|(other, _)| *other == septet);
            extension.map_or(DEFAULT[usize::from(septet)], |(_, character)| *character)
        });
        text.push(shown);
    }
    text
}
