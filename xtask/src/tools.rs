//! Where things are on this machine: the repository, the target folder, servers and browsers.
//! Never installs anything; `scripts/setup.sh` does.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the repository this program was built from.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// A path as people write it, from the root of the repository.
pub fn relative(path: &str) -> String {
    let path = Path::new(path);
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from))
}

/// The server as `cargo build` leaves it.
pub fn convo() -> PathBuf {
    target().join("debug/convo")
}

/// The folder of the newest PostgreSQL server: that of `postgres` in the PATH, else Debian's.
pub fn postgres_bin() -> Result<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = debian
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .max();
    in_path("initdb")
        .and_then(|initdb| Some(initdb.parent()?.to_path_buf()))
        .filter(|bin| bin.join("postgres").is_file())
        .or(newest.map(|(_, bin)| bin))
        .context("no PostgreSQL server was found: run scripts/setup.sh, which says how to install it")
}

/// A program of the PATH, or what to do about its absence.
pub fn program(name: &str) -> Result<PathBuf> {
    in_path(name).with_context(|| format!("`{name}` was not found: run scripts/setup.sh, which says how to install it"))
}

/// The browser of the end-to-end tests.
pub fn chromium() -> Result<PathBuf> {
    if let Some(given) = env::var_os("CONVO_CHROMIUM") {
        return Ok(given.into());
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(in_path)
        .context("no Chromium was found: run scripts/setup.sh, or set CONVO_CHROMIUM to its path")
}

fn in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}
