//! Numbers that a carrier gave us by contract, entered by administrators for somebody who then owns them.
//! Callers have shown that they are administrators; the owner's wallet pays, as for any number.

use convo_carriers::World;
use convo_phone::Number;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    MAX_OWNED, NumberRole, NumberRow, NumberState, PhoneNumber,
    actions::{check_label, pay_period, save_and_tell},
    store,
};
use crate::{
    accounts::users,
    app::App,
    error::{Error, Result},
    idempotency::IdempotencyKey,
    ids::{NumberId, UserId},
    sms::carriers::{Kind, Provider, parse_number},
};

/// A million of the currency for a month: more is a slip.
const MAX_MONTHLY_MICROS: i64 = 1_000_000_000_000;

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewNumber {
    /// That gave it to us.
    pub carrier: String,
    /// With + and the country's code.
    pub number: String,
    /// Who owns it from now on.
    pub user_id: UserId,
    /// What a month of it costs its owner, in millionths; nothing if left out. The first is paid now.
    #[serde(default)]
    pub monthly_micros: i64,
    /// Up to 60 characters.
    #[serde(default)]
    pub label: String,
}

#[derive(Serialize)]
struct Wish<'a> {
    wish: &'static str,
    carrier: &'a str,
    number: &'a str,
    user_id: UserId,
    monthly_micros: i64,
}

/// Once for each key.
pub async fn enter(app: &App, me: UserId, key: &IdempotencyKey, new: NewNumber) -> Result<(PhoneNumber, bool)> {
    let provider = app.carriers.get(&new.carrier)?;
    let number = check(&provider, &new)?;
    let label = check_label(&new.label)?;
    let (now, fresh, digits) = (app.clock.now(), NumberId::new(), number.to_string());
    let mut tx = app.begin().await?;
    let wish = Wish {
        wish: "enter_number",
        carrier: &new.carrier,
        number: &digits,
        user_id: new.user_id,
        monthly_micros: new.monthly_micros,
    };
    let id = NumberId(key.claim(&mut tx, me, &wish, fresh.0, now).await?);
    if id != fresh {
        let row = store::find(&mut tx, id).await?.ok_or_else(|| Error::not_found("number"))?;
        return Ok((row.seen_as(NumberRole::Owner, now), false));
    }
    users::access::get_public(&mut tx, new.user_id).await?;
    if store::count_of(&mut tx, new.user_id).await? >= MAX_OWNED {
        return Err(Error::conflict("too_many_numbers", "They own 1000 numbers already."));
    }
    let mut row = row_of(id, &provider, number, &new, now);
    row.label = label;
    if !store::insert(&mut tx, &row).await? {
        return Err(Error::conflict("number_taken", "Somebody has this number already."));
    }
    pay_period(&mut tx, &mut row, now).await??;
    save_and_tell(&mut tx, &mut row, now).await?;
    tx.commit().await?;
    tracing::info!(carrier = %new.carrier, number_id = %id, by = %me, "An administrator entered a number");
    Ok((row.seen_as(NumberRole::Owner, now), true))
}

fn check(provider: &Provider, new: &NewNumber) -> Result<Number> {
    if let Kind::Simulator { .. } = provider.kind {
        return Err(Error::conflict(
            "carrier_sells_numbers",
            "Numbers of the simulated carrier are bought in its market.",
        ));
    }
    if !(0..=MAX_MONTHLY_MICROS).contains(&new.monthly_micros) {
        return Err(Error::invalid("monthly_micros", "out_of_range", "A month costs 0 or more."));
    }
    let number = parse_number(&new.number)?;
    if provider.world() == World::Live && number.is_fictional() {
        return Err(Error::invalid("number", "fictional_number", "This number exists in films only. Check it."));
    }
    Ok(number)
}

fn row_of(id: NumberId, provider: &Provider, number: Number, new: &NewNumber, now: convo_db::Timestamp) -> NumberRow {
    let known = number.describe();
    NumberRow {
        country: known.country.map(|country| country.to_string()).unwrap_or_default(),
        kind: known.kind.map_or("mobile", convo_phone::Kind::name).to_owned(),
        sms: true,
        monthly_micros: new.monthly_micros,
        state: NumberState::Owned,
        ..NumberRow::new(id, new.user_id, provider, number, now)
    }
}
