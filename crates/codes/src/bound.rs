//! Codes that their sender bound to a site, as browsers fill them in (WICG, "Origin-bound one-time codes").
//! Never checks that the site is the right one: who types the code has to.

use crate::Candidate;

const MAX_CODE_BYTES: usize = 32;

/// Reads `@host #code`, or `@host #code %embedded`, in the last line. Drafts of the format write the embedded host with `@` as well.
pub(crate) fn last_line(text: &str) -> Option<Candidate> {
    let line = text.trim_end().rsplit(['\n', '\r']).next()?.trim_end();
    let mut words = line.strip_prefix('@')?.split(' ');
    let (host, code, embedded) = (words.next()?, words.next()?.strip_prefix('#')?, words.next());
    let embedded_fits = embedded.is_none_or(|it| it.strip_prefix(['%', '@']).is_some_and(is_host));
    let fits = is_host(host) && embedded_fits && words.next().is_none();
    let is_code = (1..=MAX_CODE_BYTES).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_graphic());
    let start = code.as_ptr().addr() - text.as_ptr().addr();
    (fits && is_code).then(|| Candidate { code: code.to_owned(), span: start..start + code.len() })
}

fn is_host(text: &str) -> bool {
    let known = |character: char| character.is_alphanumeric() || matches!(character, '.' | '-' | ':');
    text.starts_with(char::is_alphanumeric) && text.chars().all(known)
}
