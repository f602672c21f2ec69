//! Crates that must not be built in, not even through another crate.
//! Never a matter of taste: each line says what the crate would cost and what we use in its place.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::{sh, tools};

const BANNED: &[(&str, &str)] = &[
    ("openssl", "a system library under every binary; we use rustls on aws-lc-rs"),
    ("openssl-sys", "a system library under every binary; we use rustls on aws-lc-rs"),
    ("native-tls", "another TLS per system; we use rustls on aws-lc-rs"),
    ("ring", "a second crypto library; aws-lc-rs is the one"),
    ("rsa", "timing attack without a fix (RUSTSEC-2023-0071); tokens are signed with Ed25519"),
];

/// Asks `cargo tree`: `cargo metadata` also names crates behind features that nobody switched on.
pub fn problems() -> Result<Vec<String>> {
    let words = ["cargo", "tree", "--workspace", "--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}"];
    let tree = String::from_utf8(sh::output(&mut sh::command(tools::root(), &words))?)?;
    let built: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let found = BANNED.iter().filter(|(name, _)| built.contains(name));
    Ok(found
        .map(|(name, reason)| format!("{name}: banned, {reason}. Who brings it: cargo tree --workspace -i {name}"))
        .collect())
}
