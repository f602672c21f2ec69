//! How money gets into wallets: from the payment provider for tests, and by the hand of an administrator.
//! Each of them happens once, however often it is asked for.

use serde::Serialize;

use super::{MAX_TOP_UP_MICROS, MIN_TOP_UP_MICROS};
use crate::{
    accounts::users,
    app::App,
    billing::ledger::{
        self, Account, MAX_ABOUT_CHARS, Mode, Refusal, Transfer, UNIT, Wallet, WalletId,
        actions::{Posted, post_one},
    },
    caller::{Administrator, Caller},
    error::{Error, Result},
    idempotency::IdempotencyKey,
    ids::{TransferId, UserId},
    text,
};

#[derive(Serialize)]
struct TopUp {
    wish: &'static str,
    mode: Mode,
    amount_micros: i64,
}

/// The payment provider for tests always pays, and only play money: real money is an administrator's to give.
pub async fn top_up(
    app: &App,
    caller: &Caller,
    key: &IdempotencyKey,
    mode: Mode,
    amount_micros: i64,
) -> Result<Posted> {
    if mode == Mode::Live {
        return Err(Error::forbidden(
            "no_payment_provider",
            "No payment provider is set up for real money. An administrator of this server can fill the wallet.",
        ));
    }
    if !(MIN_TOP_UP_MICROS..=MAX_TOP_UP_MICROS).contains(&amount_micros) {
        return Err(Error::invalid(
            "amount_micros",
            "amount_invalid",
            format!("Use 0.01 to {} units, in millionths.", MAX_TOP_UP_MICROS / UNIT),
        ));
    }
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    let wish = TopUp { wish: "top_up", mode, amount_micros };
    let id = key.claim(&mut tx, caller.user_id, &wish, TransferId::new().0, now).await?;
    let transfer = Transfer {
        wallet: WalletId { user_id: caller.user_id, mode },
        key: format!("top_up:{}", id.simple()),
        from: Account::Payments,
        to: Account::Wallet,
        amount_micros,
        about: String::new(),
        made_by: None,
    };
    let posted = post_one(&mut tx, transfer, now).await?;
    tx.commit().await?;
    Ok(posted)
}

#[derive(Serialize)]
pub struct Adjustment {
    pub user_id: UserId,
    pub mode: Mode,
    /// Above zero gives, below zero takes.
    pub amount_micros: i64,
    pub reason: String,
}

/// Gives to a wallet, or takes from it, for a reason that its owner reads.
pub async fn adjust(
    app: &App,
    administrator: &Administrator,
    key: &IdempotencyKey,
    adjustment: Adjustment,
) -> Result<Posted> {
    let reason = text::line(&adjustment.reason);
    if reason.is_empty() || reason.chars().count() > MAX_ABOUT_CHARS {
        return Err(Error::invalid(
            "reason",
            "reason_invalid",
            "Say why, in up to 200 characters: the owner reads it.",
        ));
    }
    let amount_micros = adjustment.amount_micros.checked_abs().ok_or(Refusal::Amount)?;
    let (from, to) = match adjustment.amount_micros {
        ..0 => (Account::Wallet, Account::Administrators),
        0.. => (Account::Administrators, Account::Wallet),
    };
    let (now, made_by) = (app.clock.now(), administrator.0.user_id);
    let mut tx = app.begin().await?;
    users::access::get_public(&mut tx, adjustment.user_id).await?;
    let id = key.claim(&mut tx, made_by, &adjustment, TransferId::new().0, now).await?;
    let transfer = Transfer {
        wallet: WalletId { user_id: adjustment.user_id, mode: adjustment.mode },
        key: format!("adjustment:{}", id.simple()),
        from,
        to,
        amount_micros,
        about: reason,
        made_by: Some(made_by),
    };
    let posted = post_one(&mut tx, transfer, now).await?;
    tx.commit().await?;
    Ok(posted)
}

pub async fn set_credit_limit(app: &App, _: &Administrator, id: WalletId, credit_limit_micros: i64) -> Result<Wallet> {
    let mut tx = app.begin().await?;
    users::access::get_public(&mut tx, id.user_id).await?;
    let wallet = ledger::actions::set_credit_limit(&mut tx, id, credit_limit_micros).await?;
    tx.commit().await?;
    Ok(wallet)
}
