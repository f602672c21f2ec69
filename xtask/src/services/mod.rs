//! A PostgreSQL and a Redis for one run, in a temporary folder on free ports.
//! They never outlive the program that started them, even one that was killed, and never weaken durability.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::tools;

/// A free port can be taken by somebody else between asking for it and using it; then we ask again.
const START_ATTEMPTS: u32 = 4;

pub struct Services {
    keeper: Child,
    pub postgres: String,
    pub redis: String,
}

impl Services {
    pub fn start() -> Result<Services> {
        let mut failure = String::new();
        for _ in 0..START_ATTEMPTS {
            match Services::try_start()? {
                Ok(services) => return Ok(services),
                Err(said) => failure = said,
            }
        }
        bail!("PostgreSQL and Redis did not start ({failure}); what they said stands above")
    }

    fn try_start() -> Result<Result<Services, String>> {
        let (postgres_port, redis_port) = free_ports()?;
        let mut keeper = Command::new("sh")
            .args(["-c", include_str!("keeper.sh"), "keeper"])
            .arg(tools::postgres_bin()?)
            .arg(postgres_port.to_string())
            .arg(tools::program("redis-server")?)
            .arg(redis_port.to_string())
            .arg(server_user()?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A group of its own: what ends the whole group of xtask must leave the keeper to tidy up.
            .process_group(0)
            .spawn()
            .context("`sh` could not be started")?;
        let stdout = keeper.stdout.take().expect("stdout was piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        if line.starts_with("ready ") {
            return Ok(Ok(Services {
                keeper,
                postgres: format!("postgres://postgres@127.0.0.1:{postgres_port}"),
                redis: format!("redis://127.0.0.1:{redis_port}"),
            }));
        }
        keeper.wait()?;
        Ok(Err(line.trim().to_owned()))
    }

    /// Tells a command where they are.
    pub fn offer<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("CONVO_TEST_POSTGRES", &self.postgres).env("CONVO_TEST_REDIS", &self.redis)
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing to do about an error here: the keeper ends by itself once its input is closed.
        self.keeper.wait().ok();
    }
}

/// `cargo xtask services -- <command…>`: the status is that of the command.
pub fn run(words: &[String]) -> Result<ExitCode> {
    let services = Services::start()?;
    // The command ends with us too: alone, without its servers, it could only fail.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).args(words);
    let status = services.offer(&mut command).status().context("`setpriv` (util-linux) could not be started")?;
    drop(services);
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(1));
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// Both are held while we ask, so that they differ.
fn free_ports() -> Result<(u16, u16)> {
    let (one, other) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
    Ok((one.local_addr()?.port(), other.local_addr()?.port()))
}

/// PostgreSQL refuses to run as root, so root lends it another user; nobody else can.
fn server_user() -> Result<&'static str> {
    let me = std::fs::metadata("/proc/self")?.uid();
    if me != 0 {
        return Ok("");
    }
    let users = std::fs::read_to_string("/etc/passwd").context("/etc/passwd")?;
    Ok(if users.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" })
}
