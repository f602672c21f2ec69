//! What is no prose: links, addresses of mail, and the hash by which an app knows its text.
//! Never judges them; what they hold is not looked at again.

use std::ops::Range;

use crate::reading::Sign;

/// An app's hash is as long (Android, SMS Retriever).
const APP_HASH_SIGNS: usize = 11;

/// Endings of hosts whose first part may be all digits (`163.com`), which is a code before a sentence otherwise (`482913.please`).
const COMMON_ENDINGS: [&str; 8] = ["com", "net", "org", "cn", "ru", "io", "co", "app"];

pub(crate) fn find(signs: &[Sign]) -> Vec<Range<usize>> {
    let mut cuts = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        let end = at + signs[at..].iter().take_while(|sign| may_be_in_link(sign.plain)).count();
        if end > at {
            let word: String = signs[at..end].iter().map(|sign| sign.plain).collect();
            cuts.extend(link(&word).map(|link| at + link.start..at + link.end));
        }
        at = end + 1;
    }
    cuts.extend(app_hash(signs));
    cuts
}

fn may_be_in_link(character: char) -> bool {
    character.is_ascii_graphic() && !"<>\"'()[]{}|\\^`".contains(character)
}

/// The part of an ASCII word that is a link or an address.
fn link(word: &str) -> Option<Range<usize>> {
    if let Some(colon) = word.find("://") {
        let scheme = word[..colon].bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        return Some(colon - scheme..word.len());
    }
    let trimmed = word.trim_end_matches(|sign: char| sign.is_ascii_punctuation() && sign != '/');
    let host_end = trimmed.find(['/', '?', '#', '&']).unwrap_or(trimmed.len());
    let start = trimmed[..host_end].rfind([':', '=', ',', ';', '*']).map_or(0, |before| before + 1);
    let (host, has_path) = (&trimmed[start..host_end], host_end < trimmed.len());
    let host = host.rsplit_once('@').map_or(host, |(local, host)| if local.is_empty() { "" } else { host });
    is_host(host, has_path || trimmed.contains('@')).then_some(start..trimmed.len())
}

fn is_host(host: &str, is_surely: bool) -> bool {
    let Some((first, ending)) = host.rsplit_once('.') else { return false };
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let has_letter = first.bytes().any(|byte| byte.is_ascii_alphabetic());
    let ends_well = (2..=24).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_written_so =
        ending.bytes().all(|byte| byte.is_ascii_lowercase()) || host.bytes().all(|byte| !byte.is_ascii_lowercase());
    ends_well
        && first.split('.').all(is_label)
        && (is_surely || (has_letter && is_written_so) || COMMON_ENDINGS.contains(&ending))
}

/// The last word, when it is as long as a hash and in its alphabet; a code is shorter, and cutting another word costs nothing.
fn app_hash(signs: &[Sign]) -> Option<Range<usize>> {
    let end = signs.iter().rposition(|sign| sign.folded != ' ')? + 1;
    let start = signs[..end].iter().rposition(|sign| sign.folded == ' ').map_or(0, |space| space + 1);
    let fits =
        signs[start..end].iter().all(|sign| sign.plain.is_ascii_alphanumeric() || matches!(sign.plain, '+' | '/'));
    (end - start == APP_HASH_SIGNS && fits).then_some(start..end)
}
