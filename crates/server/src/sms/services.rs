//! Services that send codes, how they call themselves, and which of them a text names.
//! Only names are known here, never a sender's number; a service that is not listed has the name that somebody typed.

use convo_carriers::simulator;
use convo_phone::Party;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::users::fold,
    error::{Error, Result},
    text,
};

pub const MAX_NAME_CHARS: usize = 60;

/// A listed one.
pub struct Known {
    pub id: &'static str,
    pub name: &'static str,
    also: &'static [&'static str],
    /// Its name is a word, too: in a text it counts only as the service itself writes it, as other names always do.
    is_word: bool,
}

const fn known(id: &'static str, name: &'static str, also: &'static [&'static str]) -> Known {
    Known { id, name, also, is_word: false }
}

const fn word(id: &'static str, name: &'static str, also: &'static [&'static str]) -> Known {
    Known { id, name, also, is_word: true }
}

/// By their ids.
pub const KNOWN: &[Known] = &[
    known("adobe", "Adobe", &[]),
    known("airbnb", "Airbnb", &[]),
    known("alipay", "Alipay", &["支付宝"]),
    known("amazon", "Amazon", &["AWS"]),
    word("apple", "Apple", &["iCloud", "Apple ID"]),
    known("binance", "Binance", &[]),
    word("bolt", "Bolt", &[]),
    known("booking", "Booking.com", &["Booking"]),
    known("bumble", "Bumble", &[]),
    known("coinbase", "Coinbase", &[]),
    known("deliveroo", "Deliveroo", &[]),
    known("discord", "Discord", &[]),
    known("doordash", "DoorDash", &[]),
    known("dropbox", "Dropbox", &[]),
    known("ebay", "eBay", &[]),
    known("facebook", "Facebook", &["Meta", "Messenger"]),
    known("github", "GitHub", &[]),
    known("google", "Google", &["Gmail", "YouTube"]),
    word("grab", "Grab", &[]),
    known("instagram", "Instagram", &[]),
    known("kakaotalk", "KakaoTalk", &["Kakao", "카카오톡"]),
    word("line", "LINE", &[]),
    known("linkedin", "LinkedIn", &[]),
    known("lyft", "Lyft", &[]),
    known("microsoft", "Microsoft", &["Outlook", "Xbox"]),
    known("naver", "NAVER", &["네이버"]),
    known("netflix", "Netflix", &[]),
    known("openai", "OpenAI", &["ChatGPT"]),
    known("paypal", "PayPal", &[]),
    known("pinterest", "Pinterest", &[]),
    known("reddit", "Reddit", &[]),
    known("revolut", "Revolut", &[]),
    known("shopify", "Shopify", &[]),
    word("signal", "Signal", &[]),
    word("slack", "Slack", &[]),
    known("snapchat", "Snapchat", &[]),
    known("spotify", "Spotify", &[]),
    word("steam", "Steam", &[]),
    word("stripe", "Stripe", &[]),
    known("telegram", "Telegram", &[]),
    known("tiktok", "TikTok", &["抖音"]),
    word("tinder", "Tinder", &[]),
    known("twilio", "Twilio", &["Authy"]),
    known("twitch", "Twitch", &[]),
    known("uber", "Uber", &["Uber Eats"]),
    known("venmo", "Venmo", &[]),
    known("viber", "Viber", &[]),
    known("vk", "VK", &["ВКонтакте"]),
    known("wechat", "WeChat", &["微信"]),
    known("whatsapp", "WhatsApp", &[]),
    word("wise", "Wise", &[]),
    word("x", "X", &["Twitter"]),
    known("yahoo", "Yahoo", &[]),
    word("zoom", "Zoom", &[]),
];

/// One to choose from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Service {
    pub id: String,
    pub name: String,
    /// In the simulated world it can be made to text a code.
    pub simulated: bool,
}

pub fn list() -> Vec<Service> {
    let simulated = simulator::services();
    let is_simulated = |known: &Known| simulated.iter().any(|service| service.id == known.id);
    let all = KNOWN.iter();
    all.map(|known| Service { id: known.id.to_owned(), name: known.name.to_owned(), simulated: is_simulated(known) })
        .collect()
}

/// What somebody waits for: the id that is stored, and the name that is shown.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub id: String,
    pub name: String,
}

/// A listed one by its id or one of its names, or any other by its name.
pub fn parse(typed: &str) -> Result<Wanted> {
    let name = text::line(typed);
    let chars = name.chars().count();
    if chars == 0 || chars > MAX_NAME_CHARS || !name.chars().any(char::is_alphanumeric) {
        return Err(Error::invalid(
            "service",
            "service_invalid",
            format!("Say which service sends the code, in up to {MAX_NAME_CHARS} characters."),
        ));
    }
    let folded = fold(&name);
    let is_meant = |known: &&Known| known.id == folded || known.names().any(|name| fold(name) == folded);
    Ok(match KNOWN.iter().find(is_meant) {
        Some(known) => Wanted { id: known.id.to_owned(), name: known.name.to_owned() },
        None => Wanted { id: folded, name },
    })
}

impl Known {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.also.iter().copied())
    }
}

/// A text, as far as it says who wrote it.
pub struct Naming<'a> {
    pub from: &'a Party,
    pub body: &'a str,
}

/// How surely a service is named: by the sender, else by where its name first stands. The least is the surest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    Sender,
    Text(usize),
}

impl Naming<'_> {
    /// Whether the service with this id and name is named.
    pub fn names(&self, id: &str, name: &str) -> Option<Sureness> {
        match KNOWN.iter().find(|known| known.id == id) {
            Some(known) => self.names_known(known),
            None => self.named_as(name, false),
        }
    }

    /// Whether any listed service but that one is named.
    pub fn names_another_than(&self, id: &str) -> bool {
        KNOWN.iter().any(|known| known.id != id && self.names_known(known).is_some())
    }

    fn names_known(&self, known: &Known) -> Option<Sureness> {
        let other = known.also.iter().filter_map(|name| self.named_as(name, true));
        other.chain(self.named_as(known.name, known.is_word)).min()
    }

    fn named_as(&self, name: &str, is_word: bool) -> Option<Sureness> {
        if matches!(self.from, Party::Name(_))
            && place(&self.from.to_string().to_lowercase(), &name.to_lowercase()).is_some()
        {
            return Some(Sureness::Sender);
        }
        let place =
            if is_word { place(self.body, name) } else { place(&self.body.to_lowercase(), &name.to_lowercase()) };
        place.map(Sureness::Text)
    }
}

/// Where a name first stands by itself. Scripts that are written without spaces may follow a Latin name at once.
fn place(text: &str, name: &str) -> Option<usize> {
    let is_latin = |c: char| c.is_ascii_digit() || (c.is_alphabetic() && c < '\u{250}');
    let joins = |edge: Option<char>, beside: Option<char>| edge.is_some_and(is_latin) && beside.is_some_and(is_latin);
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let (before, after) = (text[..*at].chars().next_back(), text[at + name.len()..].chars().next());
        !joins(name.chars().next(), before) && !joins(name.chars().next_back(), after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(sender: &str) -> Party {
        sender.parse().expect("a party")
    }

    #[test]
    fn a_service_is_named_by_its_sender_or_its_text() {
        for (sender, body, id) in [
            ("WhatsApp", "123-456", "whatsapp"),
            ("+14155550123", "Your WhatsApp code: 123-456", "whatsapp"),
            ("+14155550123", "【微信】123456", "wechat"),
            ("+14155550123", "您的WhatsApp验证码是123456", "whatsapp"),
            ("+14155550123", "WHATSAPP: 123456", "whatsapp"),
            ("short:US:404040", "Use 123456 as your X security code.", "x"),
            ("LINE", "123456", "line"),
            ("Booking.com", "1234", "booking"),
        ] {
            let from = from(sender);
            assert!(Naming { from: &from, body }.names(id, "").is_some(), "{sender}: {body}");
        }
    }

    #[test]
    fn a_word_is_no_service() {
        let from = from("+14155550123");
        for body in ["Call our line, take it wise, zoom in", "Googled 1234", "x 1234", "an apple a day", "PayPalooza"] {
            let text = Naming { from: &from, body };
            assert!(!text.names_another_than("none"), "{body}");
        }
        let text = Naming { from: &from, body: "Your Uber code is 1234. Get it on Google Play." };
        assert!(text.names("uber", "") < text.names("google", ""));
    }

    #[test]
    fn what_is_typed_is_a_listed_service_or_one_of_its_own() {
        for (typed, id, name) in
            [("whatsapp", "whatsapp", "WhatsApp"), (" Twitter ", "x", "X"), ("Acme  Bank", "acme bank", "Acme Bank")]
        {
            let wanted = parse(typed).expect("a service");
            assert_eq!((wanted.id.as_str(), wanted.name.as_str()), (id, name));
        }
        assert!(parse(" … ").is_err() && parse(&"x".repeat(61)).is_err());
    }

    #[test]
    fn the_list_is_in_order_and_has_those_of_the_simulator() {
        assert!(KNOWN.is_sorted_by_key(|known| known.id));
        let ids: Vec<_> = KNOWN.iter().map(|known| known.id).collect();
        assert!(simulator::services().iter().all(|service| ids.contains(&service.id.as_str())));
    }
}
