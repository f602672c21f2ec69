//! The generated files: docs/openapi.json from the server, and from that the types of the web client.
//! Never edits what it generated, and never decides what stands in it; the handlers do.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{sh, tools};

const TYPES: &str = "web/src/api/schema.d.ts";

pub fn exists() -> bool {
    document().is_file()
}

/// `cargo xtask openapi`: what `check` then finds unchanged.
pub fn write() -> Result<()> {
    sh::run(&mut sh::command(tools::root(), &["cargo", "build", "--quiet", "--bin", "convo"]))?;
    fs::write(document(), from_server()?)?;
    generate_types()
}

pub fn check() -> Result<()> {
    let now = from_server()?;
    if now != fs::read(document())? {
        bail!("docs/openapi.json is not what the server says: run `cargo xtask openapi` and commit what changes");
    }
    let types = tools::root().join(TYPES);
    if types.is_file() {
        let before = fs::read(&types)?;
        generate_types()?;
        if before != fs::read(&types)? {
            bail!("{TYPES} was not up to date; it is now: commit it (`cargo xtask openapi` writes both files)");
        }
    }
    let changed = sh::output(&mut sh::command(
        tools::root(),
        &["git", "status", "--porcelain", "--untracked-files=all", "--", "docs/openapi.json", TYPES],
    ))?;
    if std::env::var_os("CI").is_some() && !changed.is_empty() {
        bail!("these generated files are not committed:\n{}", String::from_utf8_lossy(&changed));
    }
    Ok(())
}

/// Ends with a line break, as every file does.
fn from_server() -> Result<Vec<u8>> {
    let mut text = sh::output(&mut sh::command(tools::root(), &[&tools::convo().to_string_lossy(), "openapi"]))
        .context("the server must be built first: `cargo build --bin convo`")?;
    serde_json::from_slice::<Value>(&text).context("`convo openapi` did not print JSON")?;
    if text.last() != Some(&b'\n') {
        text.push(b'\n');
    }
    Ok(text)
}

fn generate_types() -> Result<()> {
    let web = tools::root().join("web");
    let Ok(package) = fs::read(web.join("package.json")) else {
        return Ok(());
    };
    if serde_json::from_slice::<Value>(&package)?["scripts"]["generate"].is_null() {
        return Ok(());
    }
    sh::run(&mut sh::command(tools::root(), &["sh", "scripts/web.sh", "install"]))?;
    sh::run(&mut sh::command(&web, &["npm", "run", "--silent", "generate"]))
}

fn document() -> PathBuf {
    tools::root().join("docs/openapi.json")
}
