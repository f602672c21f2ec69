//! A bare sink for measurements: it takes every text at once, answers it, and tells that it was delivered.
//! It keeps nothing and reads nothing of a text.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const HEADER_BYTES: usize = 16;

/// One connection after the other, for ever.
pub async fn serve(listener: TcpListener) {
    let mut last_id = 0;
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            last_id = sink(stream, last_id).await;
        }
    }
}

/// Answers every request, and every submission with a receipt besides.
async fn sink(mut stream: TcpStream, mut last_id: u32) -> u32 {
    let (mut octets, mut answers) = (Vec::with_capacity(1 << 20), Vec::new());
    while stream.read_buf(&mut octets).await.is_ok_and(|count| count > 0) {
        let mut rest = octets.as_slice();
        while let Some(header) = rest.get(..HEADER_BYTES) {
            let field = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
            let (length, command, sequence) = (field(0) as usize, field(4), field(12));
            if rest.len() < length {
                break;
            }
            rest = &rest[length..];
            match command {
                0x04 => {
                    last_id += 1;
                    put(&mut answers, 0x8000_0004, sequence, format!("{last_id}\0").as_bytes());
                    put(&mut answers, 0x05, last_id, &receipt(last_id));
                }
                command if command & 0x8000_0000 == 0 => put(&mut answers, command | 0x8000_0000, sequence, b"sink\0"),
                _ => {}
            }
        }
        let left = rest.len();
        octets.drain(..octets.len() - left);
        if stream.write_all(&answers).await.is_err() {
            break;
        }
        answers.clear();
    }
    last_id
}

fn put(out: &mut Vec<u8>, command: u32, sequence: u32, body: &[u8]) {
    let length = (HEADER_BYTES + body.len()) as u32;
    for field in [length, command, 0, sequence] {
        out.extend(field.to_be_bytes());
    }
    out.extend_from_slice(body);
}

fn receipt(id: u32) -> Vec<u8> {
    let text = format!(
        "id:{id} sub:001 dlvrd:001 submit date:2401011200 done date:2401011200 stat:DELIVRD err:000 text:Your code is"
    );
    let mut body = b"\0\x01\x01447400123456\0\x01\x01447700900461\0\x04\0\0\0\0\0\0\0\0".to_vec();
    body.push(text.len() as u8);
    body.extend_from_slice(text.as_bytes());
    body
}
