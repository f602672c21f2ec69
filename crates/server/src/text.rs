//! Words that others read beside a name: full names, titles, descriptions, a few words about oneself.
//! What nobody can see is dropped, so that no two names differ by it and nothing turns the direction of what stands beside them; what is seen stays as it was written.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        CanonicalCombiningClass, DefaultIgnorableCodePoint, EmojiModifier, ExtendedPictographic, GeneralCategory,
        JoiningType, PrependedConcatenationMark, Script, VariationSelector,
    },
};

const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';
const EMOJI_STYLE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';
const BLACK_FLAG: char = '\u{1f3f4}';
/// Blank by what they are and not by any property: the Braille pattern without dots, which is the usual way to have no name,
/// the musical note head that is not drawn, the empty places between Egyptian hieroglyphs.
const BLANKS: [char; 4] = ['\u{2800}', '\u{1d159}', '\u{13441}', '\u{13442}'];
/// So far we look for the letters beside a joiner, past the marks above and below them.
const MAX_MARKS: usize = 8;
/// In bytes: the black flag and six tags, such as that of Scotland.
const FLAG_OF_TAGS: usize = 28;

/// On one line, with single spaces.
pub fn line(text: &str) -> String {
    seen(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// On as many lines as it has.
pub fn lines(text: &str) -> String {
    seen(text).trim().to_owned()
}

fn seen(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut flag_ends = 0;
    for (at, c) in text.char_indices() {
        let (before, after) = (kept.chars().next_back(), text[at + c.len_utf8()..].chars().next());
        if c == BLACK_FLAG && text.get(at..at + FLAG_OF_TAGS).is_some_and(|flag| emojis::get(flag).is_some()) {
            flag_ends = at + FLAG_OF_TAGS;
        }
        match c {
            _ if BLANKS.contains(&c) => kept.push(' '),
            _ if at < flag_ends || !is_invisible(c) || belongs(c, &kept, before, after, &text[at..]) => kept.push(c),
            _ => {}
        }
    }
    kept
}

fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || (CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format
            // The Arabic sign of a number, and its like, are drawn around what follows.
            && !CodePointSetData::new::<PrependedConcatenationMark>().contains(c))
}

/// Invisible by itself, but it changes how its neighbors are drawn.
fn belongs(c: char, kept: &str, before: Option<char>, after: Option<char>, rest: &str) -> bool {
    let Some(before) = before else { return false };
    if CodePointSetData::new::<VariationSelector>().contains(c) {
        let is_keycap = c == EMOJI_STYLE && after == Some(KEYCAP);
        return is_keycap || (!before.is_ascii() && !before.is_whitespace() && !is_invisible(before));
    }
    match c {
        ZWNJ => is_virama(before) || parts_joined_letters(kept, rest),
        ZWJ => is_virama(before) || joins_emoji(before, after),
        _ => is_egyptian(c) && is_egyptian(before) && !is_invisible(before) && after.is_some_and(is_egyptian),
    }
}

/// Format signs between hieroglyphs say which stand above and beside which.
fn is_egyptian(c: char) -> bool {
    CodePointMapData::<Script>::new().get(c) == Script::EgyptianHieroglyphs
}

/// As in the names of domains: RFC 5892, appendices A.1 and A.2.
fn is_virama(c: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(c) == CanonicalCombiningClass::Virama
}

/// RFC 5892, appendix A.1: between two letters that would otherwise be written as one stroke, as Persian needs it.
fn parts_joined_letters(kept: &str, rest: &str) -> bool {
    let joining = |c| CodePointMapData::<JoiningType>::new().get(c);
    let solid = |joining: &JoiningType| *joining != JoiningType::Transparent;
    let before = kept.chars().rev().take(MAX_MARKS).map(joining).find(solid);
    let after = rest.chars().skip(1).take(MAX_MARKS).map(joining).find(solid);
    matches!(before, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(after, Some(JoiningType::RightJoining | JoiningType::DualJoining))
}

fn joins_emoji(before: char, after: Option<char>) -> bool {
    let pictures = CodePointSetData::new::<ExtendedPictographic>();
    let ends_one =
        before == EMOJI_STYLE || pictures.contains(before) || CodePointSetData::new::<EmojiModifier>().contains(before);
    ends_one && after.is_some_and(|after| pictures.contains(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_stays() {
        for text in [
            "Ana María Łukasiewicz-O’Neill",
            "Дмитрий 日本太郎 محمد שָׁלוֹם",
            "葛\u{e0100}城",
            "می\u{200c}خواهم",
            "क्\u{200d}ष क्\u{200c}ष",
            "ന്\u{200d}",
            "👩🏻\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏻 🏳\u{fe0f}\u{200d}🌈 5\u{fe0f}\u{20e3} 🇩🇪",
            "𓀀\u{13430}𓀁 \u{600}١٢",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} Scotland",
        ] {
            assert_eq!(line(text), text);
        }
        assert_eq!(lines("one\n\n\ttwo "), "one\n\n\ttwo");
        assert_eq!(line(" one\n\ttwo  three "), "one two three");
    }

    #[test]
    fn what_is_not_seen_goes() {
        for (text, left) in [
            ("nimda\u{202e}", "nimda"),
            ("\u{2066}\u{202a}Ana\u{2069}\u{202c}\u{200f}", "Ana"),
            ("A\u{200b}n\u{ad}a\u{feff}\u{2060}", "Ana"),
            ("A\u{200d}na\u{200c} \u{200d}", "Ana"),
            ("م\u{200c}\u{200c}م\u{200d}", "م\u{200c}م"),
            ("A\u{fe0f}na\u{fe0f}", "Ana"),
            ("👍\u{fe0f}\u{fe0f}\u{200d}", "👍\u{fe0f}"),
            ("🏴\u{e0068}\u{e0069}\u{e0064}\u{e0065}\u{e007f}", "🏴"),
            ("Ana\u{e0041}\u{7}\u{1b}[31m\u{9b}", "Ana[31m"),
            ("\u{3164}\u{115f}\u{ffa0}\u{2800}\u{180e}", ""),
            ("\u{13441}\u{13442}\u{1d159}\u{13430}\u{1343c}", ""),
            ("Ana\u{1d159}\u{13441}Lu\u{fff9}\u{13437}", "Ana Lu"),
        ] {
            assert_eq!(line(text), left, "{text:?}");
        }
        assert_eq!(lines("a\r\nb"), "a\nb");
    }
}
