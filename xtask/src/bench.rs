//! `cargo xtask bench`: builds client and server for release, and measures them beside a throw-away PostgreSQL.
//! What is measured, and against what, stands in the crate `convo-bench`.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{services, sh, tools};

pub fn run(options: Vec<String>) -> Result<ExitCode> {
    let root = tools::root();
    sh::run(&mut sh::command(root, &["scripts/web.sh", "build"]))?;
    // The figures go to standard output, so what cargo says must not.
    sh::run(Command::new("cargo").current_dir(root).args([
        "build",
        "--release",
        "--bin",
        "convo",
        "--bin",
        "convo-bench",
    ]))?;
    sh::run(Command::new("cargo").current_dir(root).args([
        "build",
        "--release",
        "-p",
        "convo-phone",
        "-p",
        "convo-carriers",
        "--examples",
    ]))?;
    let mut words = vec!["target/release/convo-bench".to_owned()];
    words.extend(options);
    services::run(&words)
}
