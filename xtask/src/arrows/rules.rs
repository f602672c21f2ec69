//! The rules themselves, each a function from a file to what is wrong with it.
//! Never reads files: the tests give them text.

use super::Finding;
use super::layout::{self, Features};
use super::paths::{self, Written};
use super::source;

const MAX_LINES: usize = 500;

pub fn length(name: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    (lines > MAX_LINES && !layout::is_generated(name)).then(|| {
        finding(
            name,
            MAX_LINES,
            format!("{lines} lines: split the file by what its parts are about (at most {MAX_LINES})"),
        )
    })
}

/// Two lines: what the module is, and what it never does.
pub fn header(name: &str, text: &str) -> Option<Finding> {
    let ours = (name.starts_with("crates/") && name.contains("/src/")) || name.starts_with("xtask/src/");
    (ours && name.ends_with(".rs") && !text.starts_with("//!"))
        .then(|| finding(name, 1, "begins without `//!`: say in two lines what it is and what it never does".into()))
}

pub fn of_code(name: &str, text: &str, features: &Features) -> Vec<Finding> {
    if !name.starts_with("crates/") || !name.contains("/src/") || !name.ends_with(".rs") {
        return Vec::new();
    }
    let code = source::code_only(text);
    let mut findings = sql(name, &code);
    let in_bus = name.starts_with("crates/bus/");
    let module = layout::server_module(name);
    if module.is_none() && !in_bus {
        return findings;
    }
    let module = module.unwrap_or_default();
    let paths = paths::absolute(&code, &module);
    findings.extend(foreign_stores(name, &module, &paths, features));
    if in_bus || matches!(module.first().map(String::as_str), Some("realtime" | "bus")) {
        findings.extend(features_in_wire(name, &paths));
    }
    findings
}

fn sql(name: &str, code: &str) -> Vec<Finding> {
    if layout::may_hold_sql(name) {
        return Vec::new();
    }
    let lines = code.lines().enumerate().filter(|(_, line)| line.contains(".sql("));
    lines
        .map(|(index, _)| {
            finding(name, index + 1, "SQL outside a store: move the query to `store.rs` of its feature".into())
        })
        .collect()
}

/// `a::store` is for `a` and what lies inside it.
fn foreign_stores(name: &str, module: &[String], paths: &[Written], features: &Features) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in paths {
        let Some(used) = used_feature(&path.segments, module, features) else {
            continue;
        };
        if !module.starts_with(&used) {
            let used = used.join("::");
            let what = format!("uses `{used}::store`: another feature is used through its `access` and `actions`");
            findings.push(finding(name, path.line, what));
        }
    }
    findings.dedup();
    findings
}

/// The feature whose store a path names. A path that starts with neither `crate` nor an import is taken from here.
fn used_feature(path: &[String], module: &[String], features: &Features) -> Option<Vec<String>> {
    if !path.iter().any(|segment| segment == "store") {
        return None;
    }
    let absolute: Vec<String> = match path.first().map(String::as_str) {
        Some("crate" | "convo_server") => path[1..].to_vec(),
        _ => [module, path].concat(),
    };
    layout::feature_of_store(&absolute).filter(|feature| features.contains(feature))
}

/// The wire carries events for user ids and knows no feature.
fn features_in_wire(name: &str, paths: &[Written]) -> Vec<Finding> {
    const FEATURES: &[&str] = &["chat", "accounts"];
    let mut findings = Vec::new();
    for path in paths {
        let named = path.segments.iter().find(|segment| FEATURES.contains(&segment.as_str()));
        if let Some(feature) = named {
            findings.push(finding(name, path.line, format!("mentions `{feature}::`: the wire knows no feature")));
        }
    }
    findings.dedup();
    findings
}

fn finding(name: &str, line: usize, what: String) -> Finding {
    Finding { file: name.to_owned(), line, what }
}
