//! The SQL of what was waited for.
//! Every query starts from the person who waited.

use convo_db::{Conn, Result, Timestamp};

use super::{Filter, MAX_COUNTED, VerificationCounts};
use crate::{
    ids::{UserId, VerificationId},
    sms::verifications::{VerificationRow, VerificationStatus},
};

const ALWAYS: (Timestamp, Timestamp) = (Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX));

pub async fn list(db: &mut Conn, user_id: UserId, filter: &Filter, limit: i64) -> Result<Vec<VerificationRow>> {
    db.sql((
        "select * from verifications
          where user_id = $1 and id < $2 and (cast($3 as text) is null or service = $3) and (cast($4 as text) is null or status = $4)
            and created_at >= $5 and created_at < $6 and (cast($7 as text) = '' or instr(words, $7) > 0)
          order by id desc limit $8",
        "select * from verifications
          where user_id = $1 and id < $2 and (cast($3 as text) is null or service = $3) and (cast($4 as text) is null or status = $4)
            and created_at >= $5 and created_at < $6 and (cast($7 as text) = '' or position($7 in words) > 0)
          order by id desc limit $8",
    ))
    .bind(user_id)
    .bind(filter.before.unwrap_or(VerificationId(uuid::Uuid::max())))
    .bind(filter.service.as_deref())
    .bind(filter.status)
    .bind(filter.from.unwrap_or(ALWAYS.0))
    .bind(filter.to.unwrap_or(ALWAYS.1))
    .bind(&filter.words)
    .bind(limit)
    .all()
    .await
}

/// As much of a verification as figures need.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Counted {
    pub service: String,
    pub service_name: String,
    pub country: String,
    pub status: VerificationStatus,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// The newest first.
pub async fn list_counted(
    db: &mut Conn,
    user_id: UserId,
    from: Timestamp,
    to: Timestamp,
    service: Option<&str>,
) -> Result<Vec<Counted>> {
    db.sql(
        "select service, service_name, country, status, created_at, ended_at from verifications
          where user_id = $1 and created_at >= $2 and created_at < $3 and (cast($4 as text) is null or service = $4)
          order by id desc limit $5",
    )
    .bind(user_id)
    .bind(from)
    .bind(to)
    .bind(service)
    .bind(MAX_COUNTED)
    .all()
    .await
}

/// How many were begun since then, how many of them got their code, and how many still wait.
pub async fn count_since(db: &mut Conn, user_id: UserId, from: Timestamp) -> Result<VerificationCounts> {
    db.sql(
        "select count(*) as begun, count(case when status = 'completed' then 1 end) as completed,
                count(case when status in ('ordering', 'waiting') then 1 end) as waiting
           from verifications where user_id = $1 and created_at >= $2",
    )
    .bind(user_id)
    .bind(from)
    .one()
    .await
}
