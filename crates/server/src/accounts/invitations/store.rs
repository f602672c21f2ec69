//! The SQL of invitations.
//! A use is counted in the transaction that makes the account.

use convo_db::{Conn, Result, Timestamp, Tx};

use super::Invitation;
use crate::ids::{InvitationId, UserId};

pub async fn insert(
    tx: &mut Tx,
    invitation: &Invitation,
    token_hash: &[u8],
    created_by: UserId,
    now: Timestamp,
) -> Result<u64> {
    tx.sql("insert into invitations (id, token_hash, created_by, max_uses, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)")
        .bind(invitation.id)
        .bind(token_hash)
        .bind(created_by)
        .bind(invitation.max_uses)
        .bind(now)
        .bind(invitation.expires_at)
        .run()
        .await
}

/// One that still lets somebody in, and who made it.
pub async fn find_valid(db: &mut Conn, token_hash: &[u8], now: Timestamp) -> Result<Option<(InvitationId, UserId)>> {
    db.sql("select id, created_by from invitations where token_hash = $1 and expires_at > $2 and revoked_at is null and uses < max_uses").bind(token_hash).bind(now).optional().await
}

/// The last place goes to one of those who come at once.
pub async fn use_up(tx: &mut Tx, id: InvitationId, now: Timestamp) -> Result<u64> {
    tx.sql("update invitations set uses = uses + 1 where id = $1 and expires_at > $2 and revoked_at is null and uses < max_uses").bind(id).bind(now).run().await
}

pub async fn list_open(db: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<Invitation>> {
    db.sql("select id, expires_at, max_uses, uses from invitations where revoked_at is null and expires_at > $1 order by id desc limit $2").bind(now).bind(limit).all().await
}

pub async fn revoke(tx: &mut Tx, id: InvitationId, now: Timestamp) -> Result<u64> {
    tx.sql("update invitations set revoked_at = coalesce(revoked_at, $2) where id = $1").bind(id).bind(now).run().await
}
