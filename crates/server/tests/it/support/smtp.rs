//! A small SMTP server that takes every mail and keeps it (RFC 5321, without extensions).
//! It speaks on this machine only and delivers nowhere.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::eventually;

#[derive(Clone, Default)]
pub struct SmtpServer {
    mails: Arc<Mutex<Vec<(String, String)>>>,
}

impl SmtpServer {
    /// Listens in a thread of its own, because it must be there before the server under test; gives the url for the settings.
    pub fn start() -> (Self, String) {
        let server = Self::default();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("smtp://{}?tls=none", listener.local_addr().unwrap());
        let kept = server.clone();
        std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    #[expect(clippy::disallowed_methods, reason = "it ends with the thread of this server")]
                    tokio::spawn(kept.clone().talk(stream));
                }
            });
        });
        (server, url)
    }

    async fn talk(self, stream: TcpStream) -> Option<()> {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 here\r\n").await.ok()?;
        let mut to = String::new();
        while let Some(line) = lines.next_line().await.ok()? {
            if let Some(address) = line.strip_prefix("RCPT TO:") {
                to = address.trim_matches(['<', '>', ' ']).to_owned();
            }
            if line == "DATA" {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    text += &format!("{line}\n");
                }
                self.mails.lock().unwrap().push((to.clone(), text));
            }
            writer.write_all(if line == "QUIT" { b"221 bye\r\n" } else { b"250 ok\r\n" }).await.ok()?;
        }
        Some(())
    }

    /// Takes the oldest mail to an address, headers and all; waits until it is there.
    pub async fn mail_to(&self, email: &str) -> String {
        eventually(&format!("an SMTP mail to {email}"), async || {
            let mut mails = self.mails.lock().unwrap();
            let place = mails.iter().position(|(to, _)| to == email)?;
            Some(mails.remove(place).1)
        })
        .await
    }
}
