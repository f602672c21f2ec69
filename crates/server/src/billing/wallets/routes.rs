//! HTTP in and out of wallets.
//! It only parses and answers; a wallet is its owner's, and `Administrator` opens those of others.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{MAX_PAGE, PAGE, actions};
use crate::{
    accounts::users,
    app::App,
    billing::ledger::{self, Mode, Transferred, Wallet, WalletId, actions::Posted},
    caller::{Administrator, Caller},
    error::{Problem, Result},
    http::{Json, Path, Query},
    idempotency::IdempotencyKey,
    ids::{TransferId, UserId},
};

const TOP_UPS_A_MINUTE: u32 = 30;

#[derive(Serialize, ToSchema)]
pub struct WalletList {
    /// ISO 4217.
    currency: String,
    /// One for what is simulated (`test`), one for what is real (`live`).
    wallets: Vec<Wallet>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TransferPlace {
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<TransferId>,
    /// 1 to 200; 50 if left out.
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct TransferList {
    /// Newest first.
    transfers: Vec<Transferred>,
    next_cursor: Option<TransferId>,
}

#[derive(Deserialize, ToSchema)]
pub struct NewTopUp {
    /// Millionths of the currency: 10,000 to 10,000,000,000.
    amount_micros: i64,
}

#[derive(Deserialize, ToSchema)]
pub struct NewAdjustment {
    /// Millionths of the currency: above zero gives, below zero takes.
    amount_micros: i64,
    /// Up to 200 characters; the owner reads it.
    reason: String,
}

#[derive(Deserialize, ToSchema)]
pub struct CreditLimit {
    /// How far below zero the balance may fall, in millionths of the currency.
    credit_limit_micros: i64,
}

/// My wallets
#[utoipa::path(get, path = "/api/wallets", tag = "money", responses((status = 200, body = WalletList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_wallets(State(app): State<App>, caller: Caller) -> Result<Json<WalletList>> {
    list_of(&app, caller.user_id).await
}

/// What happened to a wallet of mine, newest first
#[utoipa::path(get, path = "/api/wallets/{mode}/transfers", tag = "money", params(("mode" = Mode, Path), TransferPlace), responses((status = 200, body = TransferList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_transfers(
    State(app): State<App>,
    caller: Caller,
    Path(mode): Path<Mode>,
    Query(place): Query<TransferPlace>,
) -> Result<Json<TransferList>> {
    transfers_of(&app, WalletId { user_id: caller.user_id, mode }, &place).await
}

/// Top a wallet up. The test provider pays at once, into the `test` wallet only.
#[utoipa::path(post, path = "/api/wallets/{mode}/top-ups", tag = "money", params(("mode" = Mode, Path), ("Idempotency-Key" = String, Header)), request_body = NewTopUp, responses((status = 201, body = Transferred), (status = 200, body = Transferred, description = "it was there already"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn top_up(
    State(app): State<App>,
    caller: Caller,
    Path(mode): Path<Mode>,
    key: IdempotencyKey,
    Json(new): Json<NewTopUp>,
) -> Result<(StatusCode, Json<Transferred>)> {
    app.limit_person("top_up", caller.user_id, TOP_UPS_A_MINUTE, Duration::from_secs(60))?;
    let app_ = app.clone();
    app.act(async move { actions::top_up(&app_, &caller, &key, mode, new.amount_micros).await }).await.map(answer)
}

/// Wallets of somebody
#[utoipa::path(get, path = "/api/admin/users/{id}/wallets", tag = "administration", params(("id" = UserId, Path)), responses((status = 200, body = WalletList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_wallets_of(
    State(app): State<App>,
    _: Administrator,
    Path(id): Path<UserId>,
) -> Result<Json<WalletList>> {
    list_of(&app, id).await
}

/// What happened to somebody's wallet, newest first
#[utoipa::path(get, path = "/api/admin/users/{id}/wallets/{mode}/transfers", tag = "administration", params(("id" = UserId, Path), ("mode" = Mode, Path), TransferPlace), responses((status = 200, body = TransferList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_transfers_of(
    State(app): State<App>,
    _: Administrator,
    Path((user_id, mode)): Path<(UserId, Mode)>,
    Query(place): Query<TransferPlace>,
) -> Result<Json<TransferList>> {
    transfers_of(&app, WalletId { user_id, mode }, &place).await
}

/// Give to somebody's wallet, or take from it
#[utoipa::path(post, path = "/api/admin/users/{id}/wallets/{mode}/adjustments", tag = "administration", params(("id" = UserId, Path), ("mode" = Mode, Path), ("Idempotency-Key" = String, Header)), request_body = NewAdjustment, responses((status = 201, body = Transferred), (status = 200, body = Transferred, description = "it was there already"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn adjust_wallet(
    State(app): State<App>,
    administrator: Administrator,
    Path((user_id, mode)): Path<(UserId, Mode)>,
    key: IdempotencyKey,
    Json(new): Json<NewAdjustment>,
) -> Result<(StatusCode, Json<Transferred>)> {
    let adjustment = actions::Adjustment { user_id, mode, amount_micros: new.amount_micros, reason: new.reason };
    let app_ = app.clone();
    app.act(async move { actions::adjust(&app_, &administrator, &key, adjustment).await }).await.map(answer)
}

/// How far somebody's wallet may fall below zero
#[utoipa::path(put, path = "/api/admin/users/{id}/wallets/{mode}", tag = "administration", params(("id" = UserId, Path), ("mode" = Mode, Path)), request_body = CreditLimit, responses((status = 200, body = Wallet), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn set_credit_limit(
    State(app): State<App>,
    administrator: Administrator,
    Path((user_id, mode)): Path<(UserId, Mode)>,
    Json(limit): Json<CreditLimit>,
) -> Result<Json<Wallet>> {
    let (app_, wallet) = (app.clone(), WalletId { user_id, mode });
    let set = async move { actions::set_credit_limit(&app_, &administrator, wallet, limit.credit_limit_micros).await };
    app.act(set).await.map(Json)
}

async fn list_of(app: &App, user_id: UserId) -> Result<Json<WalletList>> {
    let mut db = app.db.read();
    users::access::get_public(&mut db, user_id).await?;
    let wallets = ledger::access::wallets(&mut db, user_id).await?;
    Ok(Json(WalletList { currency: app.config.billing.currency.clone(), wallets }))
}

async fn transfers_of(app: &App, wallet: WalletId, place: &TransferPlace) -> Result<Json<TransferList>> {
    let limit = place.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let transfers = ledger::access::transfers(&mut app.db.read(), wallet, place.cursor, limit).await?;
    let is_full = i64::try_from(transfers.len()).is_ok_and(|found| found == limit);
    let next_cursor = transfers.last().filter(|_| is_full).map(|transfer| transfer.id);
    Ok(Json(TransferList { transfers, next_cursor }))
}

fn answer(posted: Posted) -> (StatusCode, Json<Transferred>) {
    let status = if posted.repeated { StatusCode::OK } else { StatusCode::CREATED };
    (status, Json(posted.transfer))
}
