//! Settings: one TOML file, then environment, then flags; checked at start with messages that name the key and the cure.
//! A secret prints as `***`.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use anyhow::{Context, bail};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

mod secret;
pub use secret::Secret;

use crate::sms::carriers::settings::{self as carrier, CarrierSettings};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// What people type into their browser; builds every link.
    pub public_url: String,
    /// Further host names that are answered (health checks by address, a second name).
    pub allowed_hosts: Vec<String>,
    /// Addresses whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// The SQLite database and its lock.
    pub data_dir: PathBuf,
    pub database: Database,
    pub redis: Redis,
    pub registration: Registration,
    pub mail: Mail,
    pub billing: Billing,
    pub simulator: Simulator,
    /// Carriers by their names, besides those that administrators enter; these cannot be changed there.
    pub carriers: BTreeMap<String, CarrierSettings>,
    pub log: Log,
    pub limits: Limits,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Billing {
    /// Of every wallet and price, as ISO 4217 names it. Chosen once: changing it converts nothing.
    pub currency: String,
}

impl Default for Billing {
    fn default() -> Self {
        Self { currency: "USD".to_owned() }
    }
}

/// The simulated carrier: inside the server, or where `url` says that it runs (`convo simulator`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Simulator {
    /// `http://127.0.0.1:8090`: where `convo simulator` listens. Without it the server runs the simulator itself.
    pub url: Option<String>,
    /// What both sides know. Required with `url`.
    pub secret: Option<Secret>,
    /// Where `convo simulator` listens.
    pub listen: SocketAddr,
    /// What a segment that arrives costs, in millionths of the currency.
    pub inbound_micros: i64,
    /// Whether set-up gives the first administrator play money, a simulated number and a handset.
    pub welcome: bool,
    /// What the first code on a temporary number costs, in millionths of the currency.
    pub temporary_micros: i64,
    /// How the simulated network behaves.
    pub network: convo_carriers::simulator::Settings,
}

impl Default for Simulator {
    fn default() -> Self {
        Self {
            url: None,
            secret: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8090)),
            inbound_micros: 0,
            welcome: true,
            temporary_micros: 120_000,
            network: convo_carriers::simulator::Settings::default(),
        }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://…` or `sqlite:<path>`; without it SQLite in the data folder.
    pub url: Option<Secret>,
    /// Connections to PostgreSQL.
    pub max_connections: Option<u32>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redis {
    /// `redis://…` for several nodes; without it one node.
    pub url: Option<Secret>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationMode {
    Open,
    Domain,
    #[default]
    Invitation,
    Closed,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Registration {
    pub mode: RegistrationMode,
    /// For `mode = "domain"`: addresses that may register.
    pub domains: Vec<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `smtp://user:password@host:587` (STARTTLS), `smtps://…`, or `smtp://host:25?tls=none` for a relay on this machine.
    /// Without it mail stays in the local outbox.
    pub smtp_url: Option<Secret>,
    pub from: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    /// As `tracing` reads it: `info`, `convo_server=debug`.
    pub filter: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Switches counted limits off: for load tests on a machine of one's own.
    pub off: bool,
    /// HTTP connections that are open at once, without WebSockets. For one more, the one that was idle longest is closed; while all are busy, it waits.
    pub connections: usize,
    /// Of them, from one address that is no trusted proxy; more are closed at once.
    pub connections_per_address: usize,
    /// How long a client may take to say what it wants, counted from the moment at which we wait for it;
    /// so also how long an idle connection is kept.
    pub headers_within_secs: u64,
    pub sockets_per_user: u32,
    pub unauthenticated_sockets_per_address: u32,
    /// Events that wait for a socket; who falls further behind is closed, comes back and resumes.
    pub events_per_socket: usize,
    /// Passwords hashed at once; more wait shortly, then hear 503.
    pub hashes_at_once: usize,
    /// What hashing one password costs (Argon2id): memory, and passes over it.
    pub hash_memory_kib: u32,
    pub hash_passes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            off: false,
            connections: 4_096,
            connections_per_address: 512,
            headers_within_secs: 30,
            sockets_per_user: 32,
            unauthenticated_sockets_per_address: 32,
            events_per_socket: 256,
            hashes_at_once: 2,
            hash_memory_kib: 19_456,
            hash_passes: 2,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://localhost:8080".to_owned(),
            allowed_hosts: vec![],
            trusted_proxies: vec![],
            data_dir: PathBuf::from("data"),
            database: Database::default(),
            redis: Redis::default(),
            registration: Registration::default(),
            mail: Mail::default(),
            billing: Billing::default(),
            simulator: Simulator::default(),
            carriers: BTreeMap::new(),
            log: Log::default(),
            limits: Limits::default(),
        }
    }
}

const MAX_CONNECTIONS: u32 = 16;
const LOG_FILTER: &str = "info,sqlx=warn";

/// Keys outside sections; in the environment every other name is `CONVO_<SECTION>_<KEY>`.
/// Of carriers it is `CONVO_CARRIERS_<NAME>_<SECTION>_<KEY>`.
const TOP_LEVEL: [&str; 5] = ["listen", "public_url", "allowed_hosts", "trusted_proxies", "data_dir"];

/// How many of the underscores in a variable's name stand between sections.
fn depth(key: &str) -> usize {
    let Some((_, key)) = key.strip_prefix("carriers_").and_then(|rest| rest.split_once('_')) else { return 1 };
    if ["smpp_", "routes_", "prices_"].iter().any(|section| key.starts_with(section)) { 3 } else { 2 }
}

impl Config {
    /// `file` must exist if it was named; `convo.toml` beside us is read if it is there.
    pub fn load(file: Option<&std::path::Path>) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        figment = match file {
            Some(file) if !file.exists() => {
                bail!("the settings file {} does not exist; leave `--config` away or create it", file.display())
            }
            Some(file) => figment.merge(Toml::file_exact(file)),
            None => figment.merge(Toml::file("convo.toml")),
        };
        let environment = Env::prefixed("CONVO_")
            .filter(|key| {
                !["config", "url", "chromium", "install"].contains(&key.as_str().to_lowercase().as_str())
                    && !key.as_str().to_lowercase().starts_with("test_")
            })
            .map(|key| {
                let key = key.as_str().to_lowercase();
                if TOP_LEVEL.contains(&key.as_str()) { key.into() } else { key.replacen('_', ".", depth(&key)).into() }
            });
        let config: Self = figment.merge(environment).extract().context(
            "the settings cannot be used (`listen` is an address with a port, such as \"127.0.0.1:8080\" or \"0.0.0.0:8080\"; docs/operations.md has every key)",
        )?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        if !(self.public_url.starts_with("http://") || self.public_url.starts_with("https://"))
            || self.host_of_public_url().is_empty()
        {
            bail!(
                "`public_url` is {:?}: write the address that people type, such as \"https://chat.example.org\"",
                self.public_url
            );
        }
        if self.public_url.ends_with('/') {
            bail!("`public_url` ends with a slash: write {:?}", self.public_url.trim_end_matches('/'));
        }
        if let Some(url) = &self.database.url
            && !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme))
        {
            bail!("`database.url` must begin with `sqlite:` or `postgres://`");
        }
        if let Some(url) = &self.redis.url
            && !["redis://", "rediss://"].iter().any(|scheme| url.expose().starts_with(scheme))
        {
            bail!("`redis.url` must begin with `redis://` or `rediss://`");
        }
        if self.redis.url.is_some() && !self.database.is_postgres() {
            bail!(
                "`redis.url` is for several nodes, and several nodes need PostgreSQL: set `database.url`, or leave `redis.url` away"
            );
        }
        if self.registration.mode == RegistrationMode::Domain && self.mail.smtp_url.is_none() {
            bail!(
                "`registration.mode` is \"domain\", but only mail can prove that an address is somebody's: set `mail.smtp_url`"
            );
        }
        if self.registration.mode == RegistrationMode::Domain && self.registration.domains.is_empty() {
            bail!("`registration.mode` is \"domain\": name them in `registration.domains = [\"example.org\"]`");
        }
        if self.mail.smtp_url.is_some() && self.mail.from.as_deref().unwrap_or_default().is_empty() {
            bail!("`mail.smtp_url` is set: set `mail.from` too, such as \"Convo <convo@example.org>\"");
        }
        if self.billing.currency.len() != 3 || !self.billing.currency.bytes().all(|b| b.is_ascii_uppercase()) {
            bail!(
                "`billing.currency` is {:?}: write three capitals, such as \"USD\" or \"EUR\"",
                self.billing.currency
            );
        }
        for (name, settings) in &self.carriers {
            let checked = carrier::check_name(name).and_then(|()| settings.check());
            checked.with_context(|| format!("`carriers.{name}` cannot be used"))?;
        }
        if self.limits.hash_memory_kib < 8 || self.limits.hash_passes == 0 {
            bail!("`limits.hash_memory_kib` must be at least 8 and `limits.hash_passes` at least 1");
        }
        if self.limits.connections == 0
            || self.limits.connections_per_address == 0
            || self.limits.headers_within_secs == 0
        {
            bail!(
                "`limits.connections`, `limits.connections_per_address` and `limits.headers_within_secs` must be at least 1, or nobody is let in"
            );
        }
        if self.limits.events_per_socket == 0 {
            bail!("`limits.events_per_socket` must be at least 1, or nobody hears anything");
        }
        if self.limits.hashes_at_once == 0 {
            bail!("`limits.hashes_at_once` must be at least 1, or nobody can sign in");
        }
        Ok(())
    }

    /// The host that links carry, with its port if it has one.
    fn host_of_public_url(&self) -> &str {
        let rest = self.public_url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// People are told an address elsewhere, and neither we nor a proxy answer there.
    pub fn is_out_of_reach(&self) -> bool {
        let host = self.host_of_public_url();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        self.listen.ip().is_loopback() && self.trusted_proxies.is_empty() && !is_this_machine(name)
    }

    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The public name, names that were allowed, and this machine's own names while we only listen to ourselves.
    pub fn allows_host(&self, host: &str) -> bool {
        let name = without_port(host);
        host.eq_ignore_ascii_case(self.host_of_public_url())
            || self
                .allowed_hosts
                .iter()
                .any(|allowed| allowed.eq_ignore_ascii_case(host) || allowed.eq_ignore_ascii_case(name))
            || (self.listen.ip().is_loopback() && is_this_machine(name))
    }

    /// A page of ours: at the public address, or at the name that was asked for, which `allows_host` has looked at.
    /// With TLS outside, a page that came without it may be anybody's who sat on the way; on this machine nobody does.
    pub fn allows_origin(&self, origin: &str, host: &str) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        let is_safe = scheme.eq_ignore_ascii_case("https")
            || !self.is_https()
            || (self.listen.ip().is_loopback() && is_this_machine(without_port(authority)));
        origin.eq_ignore_ascii_case(&self.public_url) || (is_safe && authority.eq_ignore_ascii_case(host))
    }
}

fn without_port(host: &str) -> &str {
    host.rsplit_once(':')
        .map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host })
}

fn is_this_machine(name: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| own.eq_ignore_ascii_case(name))
}

impl Config {
    /// Where the database is, in full.
    pub fn database_settings(&self) -> convo_db::Settings {
        let url = self.database.url.as_ref().map_or_else(
            || format!("sqlite:{}", self.data_dir.join("convo.db").display()),
            |url| url.expose().to_owned(),
        );
        convo_db::Settings { url, max_connections: self.database.max_connections.unwrap_or(MAX_CONNECTIONS) }
    }

    /// The file of the database; `None` on PostgreSQL.
    pub fn database_file(&self) -> Option<PathBuf> {
        let settings = self.database_settings();
        let file = settings.url.strip_prefix("sqlite:")?;
        Some(PathBuf::from(file.trim_start_matches("//").split('?').next().unwrap_or_default()))
    }

    pub fn log_filter(&self) -> &str {
        self.log.filter.as_deref().unwrap_or(LOG_FILTER)
    }

    /// As a file would say it, also what nobody set, and without sections in which nothing stands.
    pub fn in_force(&self) -> Result<toml::Table, toml::ser::Error> {
        let mut shown = self.clone();
        let database = self.database_settings();
        shown.database = Database {
            url: Some(Secret::new(database.url)),
            max_connections: self.database.is_postgres().then_some(database.max_connections),
        };
        shown.log.filter = Some(self.log_filter().to_owned());
        let mut table = toml::Table::try_from(shown)?;
        table.retain(|_, value| value.as_table().is_none_or(|section| !section.is_empty()));
        Ok(table)
    }
}

impl Database {
    pub fn is_postgres(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.expose().starts_with("postgres"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_tls_only_pages_that_came_by_it_are_ours() {
        let public_url = "https://chat.example.org".to_owned();
        let mut config =
            Config { public_url, allowed_hosts: vec!["second.example.org".to_owned()], ..Config::default() };
        for (origin, host, ours) in [
            ("https://chat.example.org", "chat.example.org", true),
            ("https://Chat.example.org", "127.0.0.1:8080", true),
            ("http://chat.example.org", "chat.example.org", false),
            ("https://second.example.org", "second.example.org", true),
            ("http://second.example.org", "second.example.org", false),
            ("https://evil.example", "chat.example.org", false),
            ("null", "null", false),
            // The client on the machine itself, past the proxy.
            ("http://localhost:8080", "localhost:8080", true),
            ("http://[::1]:8080", "[::1]:8080", true),
            ("http://localhost:9", "localhost:8080", false),
        ] {
            assert_eq!(config.allows_origin(origin, host), ours, "{origin} at {host}");
        }
        config.listen = SocketAddr::from(([0, 0, 0, 0], 8080));
        assert!(!config.allows_origin("http://localhost:8080", "localhost:8080"));
        config.public_url = "http://chat.example.org".to_owned();
        assert!(config.allows_origin("http://second.example.org", "second.example.org"));
    }
}
