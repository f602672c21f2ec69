//! The crates we build on, checked from `cargo metadata`: their licences, the banned ones, the ones nobody uses.
//! Never asks the network: what stands in Cargo.lock is what is looked at.

mod banned;
mod licences;
mod unused;

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::{sh, tools};

#[derive(Deserialize)]
pub struct Metadata {
    pub packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
pub struct Package {
    id: String,
    pub name: String,
    pub version: String,
    pub license: Option<String>,
    pub manifest_path: String,
    pub dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
pub struct Dependency {
    pub name: String,
    pub rename: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

impl Metadata {
    /// What is built for this machine; the lock file also names crates of other systems.
    pub fn read() -> Result<Metadata> {
        let version = sh::output(&mut sh::command(tools::root(), &["rustc", "-vV"]))?;
        let version = String::from_utf8(version)?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        let words = ["cargo", "metadata", "--format-version", "1", "--filter-platform", host];
        Ok(serde_json::from_slice(&sh::output(&mut sh::command(tools::root(), &words))?)?)
    }

    /// Our own crates.
    pub fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }

    /// Everybody else's that are really in the graph.
    pub fn others(&self) -> impl Iterator<Item = &Package> {
        let built = |package: &Package| self.resolve.nodes.iter().any(|node| node.id == package.id);
        self.packages.iter().filter(move |package| built(package) && !self.workspace_members.contains(&package.id))
    }
}

pub fn check() -> Result<()> {
    let metadata = Metadata::read()?;
    let mut problems = licences::problems(&metadata);
    problems.extend(banned::problems()?);
    problems.extend(unused::problems(&metadata)?);
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} crates may not stay as they are", problems.len());
    }
    println!("{} crates: licences, bans and use are in order", metadata.others().count());
    Ok(())
}
