//! The program itself: what it prints, what it refuses, how it ends.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("convo-command-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// On SQLite in a folder of its own, on whatever port is free.
fn convo(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convo"));
    command
        .args(words)
        .current_dir(folder)
        .env("CONVO_LISTEN", "127.0.0.1:0")
        .env("CONVO_DATA_DIR", folder)
        .env_remove("CONVO_DATABASE_URL");
    command
}

fn run(folder: &Path, words: &[&str]) -> Output {
    convo(folder, words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The server and the first lines that it prints.
fn serve(folder: &Path, lines: usize) -> (Child, Vec<String>) {
    let mut child = convo(folder, &["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let printed = BufReader::new(child.stdout.as_mut().unwrap()).lines().take(lines).map(Result::unwrap).collect();
    (child, printed)
}

fn stop(mut child: Child) {
    let asked = Instant::now();
    assert!(Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    assert!(asked.elapsed() < Duration::from_secs(10));
}

#[test]
fn it_serves_prints_a_set_up_link_and_ends_when_asked() {
    let folder = Folder::new();
    let (server, printed) = serve(&folder.0, 2);
    assert!(printed[0].starts_with("Convo listens on http://127.0.0.1:"), "{printed:?}");
    assert!(printed[1].starts_with("Set up Convo: http://localhost:8080/setup#"), "{printed:?}");

    let second = run(&folder.0, &["serve"]);
    assert!(!second.status.success());
    let said = text(&second.stderr);
    assert!(
        said.contains("another Convo uses this database") && said.contains(&format!("process {}", server.id())),
        "{said}"
    );
    stop(server);
    stop(serve(&folder.0, 2).0);
}

#[test]
fn it_serves_and_ends_when_nobody_reads_what_it_prints() {
    let folder = Folder::new();
    let mut server = convo(&folder.0, &["serve"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(server.stderr.take());
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split(['/', ',']).nth(2).unwrap();
    assert!(TcpStream::connect(address).is_ok(), "{line}");
    stop(server);
}

#[test]
fn an_administrator_is_made_from_the_command_line() {
    let folder = Folder::new();
    assert!(text(&run(&folder.0, &["migrate"]).stdout).contains("up to date"));
    assert!(
        text(&run(&folder.0, &["admin", "create"]).stdout).starts_with("Set up Convo: http://localhost:8080/setup#")
    );
    let made = text(&run(&folder.0, &["admin", "create", "--username", "ana", "--email", "ana@example.org"]).stdout);
    assert!(made.starts_with("ana is an administrator."), "{made}");
    let again = run(&folder.0, &["admin", "create"]);
    assert!(!again.status.success() && text(&again.stderr).contains("there is an administrator already"));
    assert!(text(&run(&folder.0, &["keys", "rotate"]).stdout).contains("signed with the key"));
}

#[test]
fn money_is_added_up_from_the_command_line() {
    let folder = Folder::new();
    run(&folder.0, &["migrate"]);
    let audit = run(&folder.0, &["audit"]);
    assert!(audit.status.success(), "{}", text(&audit.stderr));
    assert_eq!(text(&audit.stdout), "0 transfers between 0 wallets were added up.\n");
}

#[test]
fn where_there_is_no_database_nobody_becomes_its_administrator() {
    let folder = Folder::new();
    for words in [
        &["admin", "create"][..],
        &["admin", "create", "--username", "ana", "--email", "ana@example.org"],
        &["keys", "rotate"],
        &["audit"],
    ] {
        let refused = run(&folder.0, words);
        let said = text(&refused.stderr);
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{said}");
        assert!(said.contains(&format!("there is no database in {} yet", folder.0.display())), "{said}");
        assert!(said.contains("`data_dir`") && said.contains("convo migrate"), "{said}");
    }
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 0, "nothing was made");
}

#[test]
fn settings_are_shown_without_secrets_and_checked() {
    let folder = Folder::new();
    let shown = convo(&folder.0, &["config"])
        .env("CONVO_MAIL_SMTP_URL", "smtp://a:hidden@host")
        .env("CONVO_MAIL_FROM", "a@example.org")
        .output()
        .unwrap();
    let shown = text(&shown.stdout);
    assert!(!shown.contains("hidden"), "{shown}");
    let database = format!("url = \"sqlite:{}\"", folder.0.join("convo.db").display());
    for line in ["smtp_url = \"smtp://a:***@host\"", "hashes_at_once = 2", "filter = \"info,sqlx=warn\"", &database] {
        assert!(shown.lines().any(|shown| shown == line), "{line} is not in {shown}");
    }
    assert!(!shown.contains("[redis]"), "nothing of it is set: {shown}");
    let wrong = convo(&folder.0, &["config"]).env("CONVO_PUBLIC_URL", "chat.example.org").output().unwrap();
    assert!(text(&wrong.stderr).contains("`public_url`"));
}

#[test]
fn the_openapi_document_needs_no_settings() {
    let folder = Folder::new();
    let mut child = convo(&folder.0, &["openapi"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut document = String::new();
    child.stdout.take().unwrap().read_to_string(&mut document).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(document, convo_server::router::openapi());
}
