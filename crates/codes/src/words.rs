//! What the words of a text say of the numbers beside them, in all languages at once: nobody tells a text's language.
//! Never weighs them; the words themselves are in `data/words.txt`.

use std::cmp::Reverse;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use crate::reading::{self, Reading, Sign};

/// The kinds are described where the words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Strong,
    Plain,
    Act,
    Ask,
    Old,
    Thing,
    Loose,
    Scene,
    Money,
    Unit,
}

/// A word of the text, as signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub kind: Kind,
    pub from: usize,
    pub to: usize,
}

struct Words {
    automaton: AhoCorasick,
    entries: Vec<Entry>,
}

struct Entry {
    kind: Kind,
    goes_on_left: bool,
    goes_on_right: bool,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("../data/words.txt")));

/// Every word that is known, in order. One within a longer one is left out: the `code` of a `promo code` says nothing.
pub(crate) fn find(reading: &Reading) -> Vec<Hit> {
    let signs = &reading.signs;
    let text: String = signs.iter().map(|sign| sign.folded).collect();
    let mut sign_at = vec![0; text.len() + 1];
    let mut byte = 0;
    for (at, sign) in signs.iter().enumerate() {
        sign_at[byte] = at;
        byte += sign.folded.len_utf8();
    }
    sign_at[byte] = signs.len();

    let mut hits: Vec<Hit> = Vec::new();
    for found in WORDS.automaton.find_overlapping_iter(&text) {
        let entry = &WORDS.entries[found.pattern().as_usize()];
        let (from, to) = (sign_at[found.start()], sign_at[found.end()]);
        let starts = entry.goes_on_left || from == 0 || !are_one_word(&signs[from - 1], &signs[from]);
        let ends = entry.goes_on_right || to == signs.len() || !are_one_word(&signs[to - 1], &signs[to]);
        if starts && ends {
            hits.push(Hit { kind: entry.kind, from, to });
        }
    }
    hits.sort_by_key(|hit| (hit.from, Reverse(hit.to), hit.kind));
    // Languages share words, and what two of them say is said once.
    hits.dedup();
    let mut longest = (0, 0);
    hits.retain(|hit| {
        let is_within = hit.to <= longest.1 && (hit.from, hit.to) != longest;
        if !is_within {
            longest = (hit.from, hit.to);
        }
        !is_within
    });
    hits
}

fn are_one_word(left: &Sign, right: &Sign) -> bool {
    [left, right].iter().all(|sign| sign.folded.is_alphabetic() && !is_written_without_spaces(sign.folded))
}

/// Thai to Khmer, kana, Han; and Hangul, whose particles stand behind a word without a space.
fn is_written_without_spaces(character: char) -> bool {
    matches!(
        character,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
            | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'
    )
}

impl Words {
    fn read(data: &str) -> Self {
        let (mut patterns, mut entries) = (Vec::new(), Vec::new());
        for line in data.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (kind, words) = line.split_once(':').expect("a kind before its words");
            let kind = Kind::read(kind);
            for word in words.split(',').map(str::trim) {
                let (goes_on_left, goes_on_right) = (word.starts_with('*'), word.ends_with('*'));
                patterns.push(reading::folded(word.trim_matches('*')).into_iter().collect::<String>());
                entries.push(Entry { kind, goes_on_left, goes_on_right });
            }
        }
        let automaton = AhoCorasickBuilder::new().match_kind(MatchKind::Standard).build(&patterns);
        Self { automaton: automaton.expect("far fewer words than an automaton holds"), entries }
    }
}

impl Kind {
    fn read(name: &str) -> Self {
        match name {
            "strong" => Self::Strong,
            "plain" => Self::Plain,
            "act" => Self::Act,
            "ask" => Self::Ask,
            "old" => Self::Old,
            "thing" => Self::Thing,
            "loose" => Self::Loose,
            "scene" => Self::Scene,
            "money" => Self::Money,
            "unit" => Self::Unit,
            _ => unreachable!("no such kind of words: {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn no_word_of_one_language_speaks_against_that_of_another() {
        let mut kinds: HashMap<String, Vec<Kind>> = HashMap::new();
        for line in
            include_str!("../data/words.txt").lines().filter(|line| line.contains(':') && !line.starts_with('#'))
        {
            let (kind, words) = line.split_once(':').unwrap();
            for word in words.split(',') {
                let word: String = reading::folded(word.trim().trim_matches('*')).into_iter().collect();
                assert!(!word.is_empty(), "{line}");
                kinds.entry(word).or_default().push(Kind::read(kind));
            }
        }
        for (word, kinds) in kinds {
            let has = |some: &[Kind]| kinds.iter().any(|kind| some.contains(kind));
            let against = has(&[Kind::Scene, Kind::Old, Kind::Money, Kind::Unit]);
            assert!(!(has(&[Kind::Act, Kind::Ask]) && against), "{word}: {kinds:?}");
            let names_code = has(&[Kind::Strong, Kind::Plain]);
            assert!(!names_code || kinds.iter().all(|kind| *kind == kinds[0]), "{word}: {kinds:?}");
        }
    }

    #[test]
    fn a_word_within_a_longer_one_is_not_heard() {
        let kinds = |text: &str| find(&Reading::of(text)).iter().map(|hit| hit.kind).collect::<Vec<_>>();
        assert_eq!(kinds("promo code"), [Kind::Scene]);
        assert_eq!(kinds("Kod rabatowy"), [Kind::Scene]);
        assert_eq!(kinds("decoder, encode"), []);
        assert_eq!(kinds("您的验证码是"), [Kind::Strong]);
    }
}
