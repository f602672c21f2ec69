//! The list of `cargo xtask ci`, and what each part runs.
//! Never builds with flags of its own: the tests, the end-to-end run and `make run` share one build.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{Part, Run};
use crate::{arrows, crash, deps, openapi, sh, tools};

/// Quick parts first; `web` before `build`, because the client is built into the binary.
pub const PARTS: &[Part] = &[
    Part { name: "fmt", what: "Rust is formatted", exists: always, run: fmt },
    Part { name: "arrows", what: "what may depend on what", exists: always, run: |_| arrows::check() },
    Part { name: "deps", what: "licences, bans, unused crates", exists: always, run: |_| deps::check() },
    Part { name: "web", what: "client: lint, tests, build, budget", exists: || has("web/package.json"), run: web },
    Part { name: "clippy", what: "lints, warnings are errors", exists: always, run: clippy },
    Part { name: "build", what: "everything, tests included", exists: always, run: build },
    Part {
        name: "generated",
        what: "generated files are up to date",
        exists: openapi::exists,
        run: |_| openapi::check(),
    },
    Part { name: "test", what: "tests on both engines", exists: always, run: test },
    Part { name: "e2e", what: "a browser against the binary", exists: || has("e2e/package.json"), run: e2e },
    Part { name: "crash", what: "the server is killed while people write", exists: always, run: crash },
];

fn always() -> bool {
    true
}

fn has(file: &str) -> bool {
    tools::root().join(file).is_file()
}

fn fmt(_: &mut Run) -> Result<()> {
    root(&["cargo", "fmt", "--check"]).context("`cargo fmt` puts it right")
}

fn web(_: &mut Run) -> Result<()> {
    root(&["sh", "scripts/web.sh", "install"])?;
    let web = tools::root().join("web");
    let package: Value = serde_json::from_slice(&fs::read(web.join("package.json"))?)?;
    for script in ["lint", "test", "build", "budget"] {
        if package["scripts"][script].is_null() {
            bail!("web/package.json has no script `{script}`");
        }
        match script {
            // As `make run` builds it, so that what is built stays built.
            "build" => root(&["sh", "scripts/web.sh", "build"])?,
            _ => sh::run(sh::command(&web, &["npm", "run", "--silent", script]).env("CI", "true"))?,
        }
    }
    Ok(())
}

fn clippy(_: &mut Run) -> Result<()> {
    root(&["cargo", "clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

fn build(_: &mut Run) -> Result<()> {
    root(&["cargo", "build", "--quiet", "--workspace", "--all-targets"])
}

fn test(run: &mut Run) -> Result<()> {
    let services = run.services()?;
    sh::run(services.offer(&mut sh::command(tools::root(), &["cargo", "test", "--quiet", "--workspace"])))
}

fn e2e(run: &mut Run) -> Result<()> {
    root(&["sh", "scripts/web.sh", "install", "e2e"])?;
    let e2e = tools::root().join("e2e");
    sh::run(
        run.services()?
            .offer(&mut sh::command(&e2e, &["npx", "--no-install", "playwright", "test"]))
            .env("CI", "true")
            .env("CARGO_TARGET_DIR", tools::target())
            .env("CONVO_CHROMIUM", tools::chromium()?),
    )
}

fn crash(run: &mut Run) -> Result<()> {
    let postgres = run.services()?.postgres.clone();
    crash::quick(&postgres)
}

fn root(words: &[&str]) -> Result<()> {
    let root: &Path = tools::root();
    sh::run(&mut sh::command(root, words))
}
