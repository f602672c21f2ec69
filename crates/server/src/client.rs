//! Where a request comes from: the address that limits count by, and the name its program gives itself.
//! It believes `X-Forwarded-For` only from proxies that the settings trust.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use crate::app::App;

/// Longer ones are cut: they are only shown in the list of sessions.
const MAX_USER_AGENT_CHARS: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub address: IpAddr,
    pub user_agent: String,
}

/// All addresses of an IPv6 network together may do what so many may.
/// Whoever has one address of a /48 mostly has them all, 65,536 times a /64, and must be neither a crowd nor free of limits.
pub const ADDRESSES_OF_A_NETWORK: u32 = 4;

impl Client {
    /// What limits count by.
    pub fn limit_key(&self) -> String {
        limit_key(self.address)
    }

    /// What they count by besides.
    pub fn network_key(&self) -> Option<String> {
        network_key(self.address)
    }
}

/// One subscriber usually holds a whole /64 of IPv6.
pub fn limit_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// What a site usually holds, a /48; IPv4 has none.
pub fn network_key(address: IpAddr) -> Option<String> {
    match address.to_canonical() {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
    }
}

pub fn is_trusted(address: IpAddr, trusted: &[IpAddr]) -> bool {
    trusted.contains(&address.to_canonical())
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer =
            parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
        let user_agent =
            parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self {
            address: address_behind(peer, &parts.headers, &app.config.trusted_proxies).to_canonical(),
            user_agent: user_agent.chars().take(MAX_USER_AGENT_CHARS).collect(),
        })
    }
}

/// From right to left, the first address that is not one of our proxies: whatever stands left of it anybody can invent.
fn address_behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut address = peer;
    for hop in forwarded.iter().rev() {
        match hop.trim().parse::<IpAddr>() {
            Ok(hop) => address = hop,
            Err(_) => return address,
        }
        if !is_trusted(address, trusted) {
            return address;
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_know_an_address_by_its_network() {
        let keys = |text: &str| {
            let address = text.parse().expect("an address");
            (limit_key(address), network_key(address))
        };
        assert_eq!(keys("203.0.113.7"), ("203.0.113.7".to_owned(), None));
        assert_eq!(keys("::ffff:203.0.113.7"), keys("203.0.113.7"));
        let (subnet, network) = ("2001:db8:1:2::/64".to_owned(), Some("2001:db8:1::/48".to_owned()));
        assert_eq!(keys("2001:db8:1:2:3:4:5:6"), (subnet, network));
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 198.51.100.7, 10.0.0.2".parse().expect("a header"));
        assert_eq!(address_behind(ip("203.0.113.1"), &headers, &[ip("10.0.0.1")]), ip("203.0.113.1"));
        assert_eq!(address_behind(ip("10.0.0.1"), &headers, &[ip("10.0.0.1"), ip("10.0.0.2")]), ip("198.51.100.7"));
        assert_eq!(address_behind(ip("10.0.0.1"), &HeaderMap::new(), &[ip("10.0.0.1")]), ip("10.0.0.1"));
    }
}
