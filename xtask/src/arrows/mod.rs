//! What may depend on what, checked from the source text and from `cargo metadata`.
//! Never compiles anything, so that it answers in a moment, whether or not the tree builds.

mod layout;
mod paths;
mod rules;
mod source;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::{deps, tools};

/// One broken rule, told so that it can be put right without asking.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub file: String,
    pub line: usize,
    pub what: String,
}

pub fn check() -> Result<()> {
    let mut findings = Vec::new();
    let files = read_files(tools::root())?;
    let features = layout::features(&files);
    for (name, text) in &files {
        findings.extend(rules::length(name, text));
        findings.extend(rules::header(name, text));
        findings.extend(rules::of_code(name, text, &features));
    }
    findings.extend(small_crates()?);
    findings.sort();
    for finding in &findings {
        println!("{}:{}: {}", finding.file, finding.line, finding.what);
    }
    if !findings.is_empty() {
        bail!("{} places break the rules of STYLE.md, sections 1, 2 and 6", findings.len());
    }
    println!("{} files keep to the arrows", files.len());
    Ok(())
}

/// Every source file of ours with its path from the root, in order.
fn read_files(root: &Path) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for top in ["crates", "xtask", "web/src"] {
        read_folder(root, &root.join(top), &mut files)?;
    }
    files.sort();
    Ok(files)
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(path.file_name().and_then(|name| name.to_str()), Some("node_modules" | "target")) {
                read_folder(root, &path, files)?;
            }
        } else if ["rs", "ts", "tsx", "css"].iter().any(|ending| path.extension().is_some_and(|has| has == *ending)) {
            files.push((name, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// The small crates know nothing of Convo: they never depend on the server.
fn small_crates() -> Result<Vec<Finding>> {
    let metadata = deps::Metadata::read()?;
    let findings = metadata.members().filter(|package| package.name != "convo-server" && package.name != "xtask");
    Ok(findings
        .filter(|package| package.dependencies.iter().any(|dependency| dependency.name == "convo-server"))
        .map(|package| Finding {
            file: tools::relative(&package.manifest_path),
            line: 1,
            what: format!("{} depends on convo-server; the small crates know no feature", package.name),
        })
        .collect())
}
