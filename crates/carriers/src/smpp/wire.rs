//! The connection to the carrier: TCP, and TLS if the settings say so.
//! A certificate is always checked against authorities that we know.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::settings::{Settings, Tls};

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub async fn connect(settings: &Settings) -> io::Result<Box<dyn Stream>> {
    let stream = TcpStream::connect((settings.host.as_str(), settings.port)).await?;
    // Frames are small, and answers must not wait for each other.
    stream.set_nodelay(true)?;
    let Some(tls) = &settings.tls else { return Ok(Box::new(stream)) };
    let name = tls.server_name.clone().unwrap_or_else(|| settings.host.clone());
    let name = ServerName::try_from(name).map_err(io::Error::other)?;
    Ok(Box::new(connector(tls)?.connect(name, stream).await?))
}

fn connector(tls: &Tls) -> io::Result<TlsConnector> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in tls.extra_roots().map_err(io::Error::other)? {
        roots.add(root).map_err(io::Error::other)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
