//! The one place that asks the library of numbering plans (`rlibphonenumber`), so that another could take its place.
//! Never lets its types out.

use rlibphonenumber::{NumberLengthType, ParseError, PhoneNumber, ValidationError};
use rlibphonenumber::{PHONE_NUMBER_UTIL as PLANS, PhoneNumberFormat, PhoneNumberType, Region};

use super::{Country, Kind, Unreadable};

/// A number as the library takes it apart.
pub struct Parsed(PhoneNumber);

impl Parsed {
    pub fn read(text: &str, country: Option<Country>) -> Result<Self, Unreadable> {
        let number = PLANS.parse(text, country.map(region)).map_err(|error| match error {
            ParseError::NotANumber(_) => Unreadable::NotANumber,
            ParseError::InvalidCountryCode if country.is_some() || has_plus(text) => Unreadable::UnknownCountryCode,
            ParseError::InvalidCountryCode => Unreadable::MissingCountryCode,
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn => Unreadable::TooShort,
            ParseError::TooLongNsn => Unreadable::TooLong,
        })?;
        match PLANS.is_possible_number_with_reason(&number) {
            Ok(NumberLengthType::IsPossible) => Ok(Self(number)),
            // Canada's +1 310 1234 has the length of a number without its area, and is whole.
            Ok(NumberLengthType::IsPossibleLocalOnly) if PLANS.is_valid_number(&number) => Ok(Self(number)),
            Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => Err(Unreadable::TooShort),
            Err(ValidationError::TooLong) => Err(Unreadable::TooLong),
            Err(ValidationError::InvalidLength) => Err(Unreadable::Impossible),
            Err(ValidationError::InvalidCountryCode) => Err(Unreadable::UnknownCountryCode),
        }
    }

    /// From the digits after the country calling code, leading zeros and all.
    pub fn new(calling_code: u16, national: &str) -> Self {
        let zeros = national.bytes().take_while(|digit| *digit == b'0').count();
        // A number of zeros alone keeps its last one as its value.
        let zeros = zeros.min(national.len().saturating_sub(1));
        let mut number = PhoneNumber { country_code: i32::from(calling_code), ..PhoneNumber::default() };
        number.national_number = national.parse().unwrap_or_default();
        if zeros > 0 {
            number.italian_leading_zero = Some(true);
            number.number_of_leading_zeros = (zeros > 1).then_some(zeros as i32);
        }
        Self(number)
    }

    pub fn calling_code(&self) -> i32 {
        self.0.country_code
    }

    pub fn national(&self) -> String {
        self.0.get_national_significant_number()
    }

    /// The country that its calling code or its first digits say. `None` if they say none, or it belongs to the world (+800, satellites).
    pub fn country(&self) -> Option<Country> {
        let mut regions = PLANS.get_regions_for_country_calling_code(self.0.country_code)?;
        let first = regions.next();
        // Most calling codes have one country, and the library would try all its patterns again.
        let region = if regions.next().is_none() { first } else { PLANS.get_region_for_number(&self.0) };
        region.and_then(country_of)
    }

    /// What the automaton says quicker; here to compare them.
    #[cfg(test)]
    pub fn kind(&self) -> Option<Kind> {
        kind_of(PLANS.get_number_type(&self.0))
    }

    pub fn national_format(&self) -> String {
        PLANS.format(&self.0, PhoneNumberFormat::National).into_owned()
    }

    pub fn international_format(&self) -> String {
        PLANS.format(&self.0, PhoneNumberFormat::International).into_owned()
    }
}

/// The country that a calling code names first: the United States for +1.
pub fn main_country(calling_code: u16) -> Option<Country> {
    PLANS.get_region_for_country_code(i32::from(calling_code)).and_then(country_of)
}

/// Whether the digits of such a number say where it is: fixed lines, and in some countries mobile phones.
pub fn is_geographical(kind: Kind, calling_code: u16) -> bool {
    PLANS.is_number_geographical_by_country_code_and_type(type_of(kind), i32::from(calling_code))
}

pub fn calling_code(country: Country) -> Option<u16> {
    PLANS.get_country_code_for_region(region(country)).and_then(|code| u16::try_from(code).ok())
}

pub fn countries() -> Vec<Country> {
    let mut countries: Vec<Country> = PLANS.get_supported_regions().filter_map(country_of).collect();
    countries.sort_unstable();
    countries
}

/// A number of the plan that stands for others of its kind, as its regulator or libphonenumber chose it. It may be somebody's.
pub fn example(country: Country, kind: Kind) -> Option<Parsed> {
    PLANS.get_example_number_for_type_and_region(region(country), type_of(kind)).ok().map(Parsed)
}

fn has_plus(text: &str) -> bool {
    text.trim_start().starts_with(['+', '＋'])
}

fn region(country: Country) -> Region {
    Region::from_code(country.as_str()).expect("a country is two letters")
}

fn country_of(region: Region) -> Option<Country> {
    Country::from_letters(region.as_region_str().as_str())
}

const KINDS: [(Kind, PhoneNumberType); 11] = [
    (Kind::FixedLine, PhoneNumberType::FixedLine),
    (Kind::Mobile, PhoneNumberType::Mobile),
    (Kind::FixedLineOrMobile, PhoneNumberType::FixedLineOrMobile),
    (Kind::TollFree, PhoneNumberType::TollFree),
    (Kind::PremiumRate, PhoneNumberType::PremiumRate),
    (Kind::SharedCost, PhoneNumberType::SharedCost),
    (Kind::Voip, PhoneNumberType::VoIP),
    (Kind::Personal, PhoneNumberType::PersonalNumber),
    (Kind::Pager, PhoneNumberType::Pager),
    (Kind::Company, PhoneNumberType::UAN),
    (Kind::Voicemail, PhoneNumberType::VoiceMail),
];

#[cfg(test)]
fn kind_of(theirs: PhoneNumberType) -> Option<Kind> {
    KINDS.iter().find(|(_, other)| *other == theirs).map(|(kind, _)| *kind)
}

fn type_of(kind: Kind) -> PhoneNumberType {
    KINDS.iter().find(|(other, _)| *other == kind).map_or(PhoneNumberType::Unknown, |(_, theirs)| *theirs)
}
