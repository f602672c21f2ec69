//! Dependencies that a crate names and never mentions.
//! Never looks at what the dependency does: a mention in the sources is enough to keep it.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Metadata;
use crate::tools;

/// (crate of ours, dependency, why it is needed without being mentioned). This list only shrinks.
const NEEDED_UNMENTIONED: &[(&str, &str, &str)] = &[];

pub fn problems(metadata: &Metadata) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for package in metadata.members() {
        let folder = Path::new(&package.manifest_path).parent().unwrap_or(tools::root());
        let mut sources = String::new();
        for part in ["src", "tests", "benches", "examples", "build.rs"] {
            collect(&folder.join(part), &mut sources)?;
        }
        for dependency in &package.dependencies {
            let name = dependency.rename.as_ref().unwrap_or(&dependency.name);
            let excused = NEEDED_UNMENTIONED.iter().any(|(ours, theirs, _)| *ours == package.name && theirs == name);
            if !excused && !mentions(&sources, &name.replace('-', "_")) {
                problems.push(format!("{}: does not use `{name}`; take it out of its Cargo.toml", package.name));
            }
        }
    }
    problems.sort();
    problems.dedup();
    Ok(problems)
}

fn collect(path: &Path, sources: &mut String) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), sources)?;
        }
    } else if path.is_file() && path.extension().is_some_and(|ending| ending == "rs") {
        sources.push_str(&fs::read_to_string(path)?);
    }
    Ok(())
}

/// The name as a path, `name::`, or brought in, `use name;` and `extern crate name;`.
fn mentions(sources: &str, name: &str) -> bool {
    sources.match_indices(name).any(|(at, _)| {
        let before = sources[..at].chars().next_back();
        let after = &sources[at + name.len()..];
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
            && (after.starts_with("::") || after.starts_with(';') || after.starts_with(" as "))
    })
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_mention_is_the_whole_name_used_as_a_path() {
        assert!(mentions("use rand::Rng;", "rand"));
        assert!(mentions("fn f() { rand::random() }", "rand"));
        assert!(mentions("use rand;", "rand"));
        assert!(!mentions("use strand::Rng; let rand = 1; // rand", "rand"));
    }
}
