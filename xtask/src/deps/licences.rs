//! The licences that a crate of others may have.
//! Never accepts one that asks more of our users than to keep a notice; a crate without a licence is refused.

use super::Metadata;

/// SPDX names. Each allows use in a closed product if its notice is kept; MPL-2.0 asks for the source of its own files only.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Exceptions that only add permissions to a licence of the list.
const ALLOWED_EXCEPTIONS: &[&str] = &["LLVM-exception"];

pub fn problems(metadata: &Metadata) -> Vec<String> {
    let refused = metadata.others().filter(|package| !package.license.as_deref().is_some_and(allowed));
    refused
        .map(|package| {
            let licence = package.license.as_deref().unwrap_or("none");
            format!(
                "{} {}: licence `{licence}` is not in the list of xtask/src/deps/licences.rs",
                package.name, package.version
            )
        })
        .collect()
}

/// Whether the expression can be met by licences of the list alone: one side of an OR, both of an AND.
fn allowed(expression: &str) -> bool {
    // Old manifests write "MIT/Apache-2.0" for OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: &words, at: 0 };
    parser.any_of() && parser.at == words.len()
}

struct Parser<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl Parser<'_> {
    fn any_of(&mut self) -> bool {
        let mut met = self.all_of();
        while self.take("OR") {
            met |= self.all_of();
        }
        met
    }

    fn all_of(&mut self) -> bool {
        let mut met = self.one();
        while self.take("AND") {
            met &= self.one();
        }
        met
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let met = self.any_of();
            return self.take(")") && met;
        }
        let Some(name) = self.words.get(self.at) else {
            return false;
        };
        self.at += 1;
        let mut met = ALLOWED.contains(name);
        if self.take("WITH") {
            met &= self.words.get(self.at).is_some_and(|exception| ALLOWED_EXCEPTIONS.contains(exception));
            self.at += 1;
        }
        met
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.get(self.at) == Some(&word);
        self.at += usize::from(there);
        there
    }
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn one_side_of_an_or_is_enough_and_an_and_needs_both() {
        for expression in
            ["MIT", "MIT OR GPL-3.0", "GPL-2.0/MIT", "(MIT OR X) AND ISC", "Apache-2.0 WITH LLVM-exception OR Y"]
        {
            assert!(allowed(expression), "{expression}");
        }
        for expression in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR X) AND Y", "MIT WITH Z", "MIT ISC", "(MIT"] {
            assert!(!allowed(expression), "{expression}");
        }
    }
}
