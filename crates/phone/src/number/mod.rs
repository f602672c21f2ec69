//! A phone number of the world: read as people write it, kept as E.164 (ITU-T E.164, at most a calling code and the number in its country).
//! Never says that somebody answers it; only what the numbering plans say of it.

mod automaton;
mod country;
mod kind;
mod plan;
mod prefixes;
mod unreadable;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fiction;

pub use country::{Country, UnknownCountry};
pub use kind::Kind;
pub use unreadable::Unreadable;

/// The longest text that is looked at, in bytes.
pub const MAX_INPUT_BYTES: usize = 250;

/// As many as fit the integer, calling code and all; E.164 allows 15.
const MAX_DIGITS: usize = 19;

/// Equal if they are dialled alike; ordered by their digits' value. As text, and stored: `+447700900461`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number {
    /// The digits after the plus. No calling code begins with zero, so that none is lost.
    digits: u64,
    calling_code: u16,
}

/// What the numbering plans say of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Description {
    /// Whose number it is or would be, as far as its first digits say; else the first country of its calling code. `None` for numbers of no country (+800, satellites).
    pub country: Option<Country>,
    /// `None` if nobody can have this number, unless it is fictional.
    pub kind: Option<Kind>,
    /// Whether the plan of its country has such a number. Libphonenumber says no of most British and German numbers for fiction, and yes of the American.
    pub is_valid: bool,
    /// Whether its regulator keeps it for films and examples. Such a number is never somebody's.
    pub is_fictional: bool,
}

impl Number {
    /// Reads what people write, RFC 3966 (`tel:`) included. The country is that of numbers without a calling code.
    /// An extension is left out: a text cannot be sent to one.
    ///
    /// What comes back can be dialled by its length; whether its plan has it says [`Number::describe`].
    pub fn parse(text: &str, country: Option<Country>) -> Result<Self, Unreadable> {
        if text.len() > MAX_INPUT_BYTES {
            return Err(Unreadable::TooLong);
        }
        if let Some(number) = Self::plain(text, country) {
            return Ok(number);
        }
        // Parameters of `tel:` are read here: only the context of a local number matters.
        let text = text.trim();
        let text = text.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("tel:")).map_or(text, |_| &text[4..]);
        let (text, parameters) = text.split_once(';').unwrap_or((text, ""));
        let context = parameters.split(';').find_map(|parameter| parameter.strip_prefix("phone-context="));
        let parsed = match context {
            Some(context) if context.starts_with('+') => plan::Parsed::read(&format!("{context}{text}"), country)?,
            _ => plan::Parsed::read(text, country)?,
        };
        Self::of(&parsed).ok_or(Unreadable::TooLong)
    }

    /// Reads the stored form alone, a plus and digits, quickly and whatever the plans of today say: what was stored can be read for ever.
    pub fn from_e164(text: &str) -> Result<Self, Unreadable> {
        let digits = text.strip_prefix('+').ok_or(Unreadable::MissingCountryCode)?;
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(Unreadable::NotANumber);
        }
        // A zero would be lost in the integer.
        if digits.starts_with('0') {
            return Err(Unreadable::UnknownCountryCode);
        }
        // Three digits of a subscriber are the least that any plan has.
        match digits.len() {
            ..5 => return Err(Unreadable::TooShort),
            length if length > MAX_DIGITS => return Err(Unreadable::TooLong),
            _ => {}
        }
        Self::from_digits(digits.parse().map_err(|_| Unreadable::TooLong)?).ok_or(Unreadable::UnknownCountryCode)
    }

    /// Of digits that begin with a calling code.
    pub(crate) fn from_digits(digits: u64) -> Option<Self> {
        let length = digits.checked_ilog10()?;
        let mut leading =
            (1..=3).filter(|count| *count <= length).map(|count| (digits / 10_u64.pow(length + 1 - count)) as u16);
        let calling_code = leading.find(|code| automaton::is_calling_code(*code))?;
        Some(Self { digits, calling_code })
    }

    fn of(parsed: &plan::Parsed) -> Option<Self> {
        let calling_code = u16::try_from(parsed.calling_code()).ok()?;
        let digits = format!("{calling_code}{}", parsed.national()).parse().ok()?;
        Some(Self { digits, calling_code })
    }

    /// The digits of E.164, without the plus.
    pub fn digits(self) -> u64 {
        self.digits
    }

    /// What its country's numbers begin with, without the plus.
    pub fn calling_code(self) -> u16 {
        self.calling_code
    }

    /// Everything the plans say, at once.
    pub fn describe(self) -> Description {
        let range = fiction::range_of(self);
        let is_fictional = range.is_some() || fiction::is_north_american(self);
        if let Some((country, kind)) = self.find() {
            return Description { country, kind: Some(kind), is_valid: true, is_fictional };
        }
        let country = range.map(|range| range.country).or_else(|| self.parsed().country());
        Description {
            country: country.or_else(|| plan::main_country(self.calling_code)),
            // Area codes of North America do not tell mobile phones from others.
            kind: range.map(|range| range.kind).or(is_fictional.then_some(Kind::FixedLineOrMobile)),
            is_valid: false,
            is_fictional,
        }
    }

    pub fn kind(self) -> Option<Kind> {
        self.describe().kind
    }

    pub fn country(self) -> Option<Country> {
        self.describe().country
    }

    /// Whether a regulator keeps this number for films, books and examples: it is never somebody's.
    pub fn is_fictional(self) -> bool {
        fiction::is_fictional(self)
    }

    /// To whom the range was given, in English. The person may have taken the number to another operator since.
    /// Only ranges for mobile phones and pagers have one.
    pub fn operator(self) -> Option<&'static str> {
        let (_, kind) = self.find()?;
        (kind.is_mobile() || kind == Kind::Pager).then(|| prefixes::operator(self)).flatten()
    }

    /// The zones (IANA names) in which the phone may be: one, if the digits say so, else all of its calling code.
    /// Empty for numbers of no country.
    pub fn time_zones(self) -> impl Iterator<Item = &'static str> {
        let is_placed = self.find().is_some_and(|(_, kind)| plan::is_geographical(kind, self.calling_code));
        let zones = if is_placed { prefixes::zones(self) } else { prefixes::zones_of_calling_code(self.calling_code) };
        zones.into_iter().flat_map(|zones| zones.split('&'))
    }

    /// As one dials it within its country: `07400 123456`.
    pub fn national(self) -> String {
        self.parsed().national_format()
    }

    /// As one reads it abroad: `+44 7400 123456`.
    pub fn international(self) -> String {
        self.parsed().international_format()
    }

    /// A valid number in digits with the usual signs between them, after a plus or as dialled in the country. Anything else,
    /// and where a prefix is more than one digit, is `None`: there the library decides, which takes ten times as long.
    fn plain(text: &str, country: Option<Country>) -> Option<Self> {
        let (is_abroad, rest) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
        let digits: String = rest.chars().filter(|sign| !matches!(sign, ' ' | '-' | '.' | '(' | ')')).collect();
        if digits.len() > MAX_DIGITS
            || (is_abroad && digits.starts_with('0'))
            || !digits.bytes().all(|digit| digit.is_ascii_digit())
        {
            return None;
        }
        let number = if is_abroad {
            let number = Self::from_digits(digits.parse().ok()?)?;
            let first = *number.national_digits().as_bytes().first()?;
            (!automaton::may_have_prefix(number.calling_code, first)).then_some(number)?
        } else {
            let (calling_code, national) = automaton::at_home(country?, &digits)?;
            Self { digits: format!("{calling_code}{national}").parse().ok()?, calling_code }
        };
        let (found, _) = number.find()?;
        // A neighbour's number may not be one that is dialled so here; but North America dials alike.
        let is_clear = is_abroad || found == country || (number.calling_code == 1 && digits.len() == 10);
        is_clear.then_some(number)
    }

    fn find(self) -> Option<(Option<Country>, Kind)> {
        automaton::find(self.calling_code, self.national_digits().as_bytes())
    }

    /// The digits after the calling code.
    fn national_digits(self) -> String {
        let code = self.calling_code.checked_ilog10().map_or(0, |log| log as usize + 1);
        self.digits.to_string().split_off(code)
    }

    fn parsed(self) -> plan::Parsed {
        plan::Parsed::new(self.calling_code, &self.national_digits())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "+{}", self.digits)
    }
}

/// Logs never hold whole numbers.
impl fmt::Debug for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "+{}…{:02}", self.calling_code, self.digits % 100)
    }
}

impl FromStr for Number {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        Self::from_e164(text)
    }
}

impl TryFrom<String> for Number {
    type Error = Unreadable;

    fn try_from(text: String) -> Result<Self, Unreadable> {
        Self::from_e164(&text)
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.to_string()
    }
}
