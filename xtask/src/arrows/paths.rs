//! The paths that stand in Rust code: those of `use` trees, spelled out, and those written in place.
//! Never resolves types; what a name means comes from the `use` lines of the same file.

use std::collections::HashMap;

/// A path as it stands in the code, with the line it starts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub segments: Vec<String>,
    pub line: usize,
}

/// All paths of a file (already without comments and literals), as absolute modules of its crate:
/// `crate`, `self` and `super` are resolved, and names that a `use` brought in are replaced by what they mean.
pub fn absolute(code: &str, module: &[String]) -> Vec<Written> {
    let tokens = tokens(code);
    let mut imported = HashMap::new();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        // `use<..>` in a bound captures, it imports nothing.
        let captures = tokens.get(at + 1).is_some_and(|next| next.0 == "<");
        if tokens[at].0 == "use" && !captures {
            at = use_tree(&tokens, at + 1, &[], &mut |path, name, line| {
                let path = anchored(path, module);
                imported.insert(name, path.clone());
                found.push(Written { segments: path, line });
            });
        } else {
            at += 1;
        }
    }
    for path in in_place(&tokens) {
        let first = &path.segments[0];
        let segments = match imported.get(first) {
            Some(meaning) if first != "crate" => [meaning, &path.segments[1..]].concat(),
            _ => anchored(path.segments, module),
        };
        found.push(Written { segments, line: path.line });
    }
    found
}

/// `crate::a`, `self::a`, `super::a` as segments from the root of the crate, beginning with "crate"; others unchanged.
fn anchored(path: Vec<String>, module: &[String]) -> Vec<String> {
    let mut base: Vec<String> = std::iter::once("crate".to_owned()).chain(module.iter().cloned()).collect();
    let mut rest = path.as_slice();
    match rest.first().map(String::as_str) {
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|segment| segment == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        _ => return path,
    }
    base.extend_from_slice(rest);
    base
}

/// Reads one `use` tree from `at` and reports each leaf: its path, the name it brings in, its line.
fn use_tree(
    tokens: &[(String, usize)],
    mut at: usize,
    before: &[String],
    leaf: &mut impl FnMut(Vec<String>, String, usize),
) -> usize {
    let mut path = before.to_vec();
    let line = tokens.get(at).map_or(0, |token| token.1);
    while at < tokens.len() {
        match tokens[at].0.as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while at < tokens.len() && tokens[at].0 != "}" {
                    at = use_tree(tokens, at, &path, leaf);
                    if tokens.get(at).is_some_and(|token| token.0 == ",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            "as" => {
                let name = tokens.get(at + 1).map_or_else(String::new, |token| token.0.clone());
                leaf(path, name, line);
                return at + 2;
            }
            "," | "}" | ";" => break,
            word => {
                // `a::{self}` brings in `a`.
                if word != "self" || path.is_empty() {
                    path.push(word.to_owned());
                }
                at += 1;
            }
        }
    }
    let name = path.last().cloned().unwrap_or_default();
    leaf(path, name, line);
    at
}

fn in_place(tokens: &[(String, usize)]) -> Vec<Written> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut in_use = false;
    while at < tokens.len() {
        in_use = match tokens[at].0.as_str() {
            "use" => tokens.get(at + 1).is_none_or(|next| next.0 != "<"),
            ";" => false,
            _ => in_use,
        };
        let mut segments = vec![tokens[at].0.clone()];
        let start = at;
        at += 1;
        if in_use || !is_word(&segments[0]) {
            continue;
        }
        while at + 1 < tokens.len() && tokens[at].0 == "::" && is_word(&tokens[at + 1].0) {
            segments.push(tokens[at + 1].0.clone());
            at += 2;
        }
        if segments.len() > 1 {
            found.push(Written { segments, line: tokens[start].1 });
        }
    }
    found
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::`, and single other characters, each with its line from 1.
fn tokens(code: &str) -> Vec<(String, usize)> {
    let mut tokens: Vec<(String, usize)> = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                ':' if rest.starts_with("::") => 2,
                c if c.is_alphanumeric() || c == '_' => {
                    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
                }
                c => c.len_utf8(),
            };
            if !first.is_whitespace() {
                tokens.push((rest[..length].to_owned(), index + 1));
            }
            rest = &rest[length..];
        }
    }
    tokens
}
