//! schemathesis, which makes up requests from an OpenAPI document and judges the answers.
//! Never installed into the system: it lives in the target folder, in exactly the versions of `requirements.txt`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::Command;

use crate::server::Server;
use crate::{sh, tools};

const REQUIREMENTS: &str = include_str!("requirements.txt");
/// Where the failures begin in what it prints.
const FAILURES: &str = "=== FAILURES ===";
const ERRORS: &str = "=== ERRORS ===";
/// `ignored_auth` asks again without a session: whoever is answered then was never asked who they are.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,unsupported_method,ignored_auth,errors_are_problems";
/// Whatever is wrong, a run ends: for what follows from the document, and for each example of all endpoints.
const MAX_SECS: u64 = 300;
const MAX_SECS_PER_EXAMPLE: u64 = 20;

pub struct Schemathesis {
    program: PathBuf,
}

/// How it went for one person.
pub enum Asked {
    Well { cases: String },
    Wrongly { said: String },
}

impl Asked {
    pub fn summary(&self) -> &str {
        match self {
            Asked::Well { cases } => cases,
            Asked::Wrongly { .. } => "WRONG",
        }
    }
}

impl Schemathesis {
    /// Once for each list of versions.
    pub fn install() -> Result<Schemathesis> {
        let root = tools::target().join("fuzz");
        let (venv, wanted, installed) =
            (root.join("venv"), root.join("requirements.txt"), root.join("venv/installed.txt"));
        if fs::read_to_string(&installed).unwrap_or_default() != REQUIREMENTS {
            fs::create_dir_all(&root)?;
            fs::write(&wanted, REQUIREMENTS)?;
            let words = |path: &Path| path.to_string_lossy().into_owned();
            sh::run(&mut sh::command(&root, &["python3", "-m", "venv", "--clear", &words(&venv)]))
                .context("`cargo xtask fuzz` needs Python 3.11 or newer with its venv (python3-venv on Debian)")?;
            let pip = words(&venv.join("bin/pip"));
            let quiet = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement"];
            sh::run(&mut sh::command(&root, &[&[pip.as_str()][..], &quiet, &[&words(&wanted)]].concat()))?;
            fs::write(&installed, REQUIREMENTS)?;
        }
        Ok(Schemathesis { program: venv.join("bin/schemathesis") })
    }

    /// Asks everything as the person of `stage`.
    pub async fn ask(&self, server: &Server, stage: &Path, name: &str, examples: u32, seed: u32) -> Result<Asked> {
        let here = tools::root().join("xtask/src/fuzz");
        let said = server.folder.join(format!("{name}.txt"));
        let output = File::create(&said)?;
        let mut asking = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--"])
            .arg(&self.program)
            .arg("--config-file")
            .arg(here.join("schemathesis.toml"))
            .arg("run")
            .arg(tools::root().join("docs/openapi.json"))
            .args(["--url", &server.base, "--checks", CHECKS])
            .args(["--max-examples", &examples.to_string(), "--seed", &seed.to_string()])
            .current_dir(&server.folder)
            .env("SCHEMATHESIS_HOOKS", "hooks")
            .env("PYTHONPATH", &here)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("CONVO_FUZZ_STAGE", stage)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true)
            .spawn()?;
        let limit = Duration::from_secs(MAX_SECS + MAX_SECS_PER_EXAMPLE * u64::from(examples));
        let status = tokio::time::timeout(limit, asking.wait()).await;
        let text = fs::read_to_string(&said)?;
        match status.map(|ended| ended.map(|status| status.success())) {
            Ok(Ok(true)) => Ok(Asked::Well { cases: cases(&text) }),
            Ok(Ok(false)) => Ok(Asked::Wrongly { said: failures(&text).to_owned() }),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => {
                bail!("schemathesis did not end within {} s; {} has what it said", limit.as_secs(), said.display())
            }
        }
    }
}

/// The line below `Test cases:`.
fn cases(said: &str) -> String {
    let after = said.split("Test cases:").nth(1).unwrap_or_default();
    after.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("nothing was asked").to_owned()
}

fn failures(said: &str) -> &str {
    let begin = [ERRORS, FAILURES].iter().filter_map(|title| said.find(title)).min().unwrap_or(0);
    &said[begin..]
}
