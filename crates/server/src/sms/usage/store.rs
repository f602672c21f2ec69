//! The SQL of texts by day.
//! The log of a thread is read from its end, and no further than the days that are asked for;
//! PostgreSQL reads it thread by thread only if it is told to (`offset 0`), else it reads every message there is.

use convo_db::{Conn, Result, Timestamp, Tx};

use super::TextDay;
use crate::ids::UserId;

/// The first day that is not counted.
pub async fn counted_until(db: &mut Conn) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db.sql("select until_day from text_days_counted where id = 1").optional().await?;
    Ok(row.map(|(day,)| day))
}

pub async fn set_counted_until(tx: &mut Tx, day: i64) -> Result<u64> {
    tx.sql(
        "insert into text_days_counted (id, until_day) values (1, $1)
         on conflict (id) do update set until_day = excluded.until_day where text_days_counted.until_day < excluded.until_day",
    )
    .bind(day)
    .run()
    .await
}

/// What was taken back was never a text.
pub async fn count_days(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<u64> {
    tx.sql((
        "insert into text_days (number_id, day, received, texts, segments, price_micros, delivered, failed)
         select c.number_id, m.created_at / 86400000000, m.delivery = 'received', count(*),
                cast(coalesce(sum(m.segments), 0) as bigint), cast(coalesce(sum(m.price_micros), 0) as bigint),
                sum(case when m.delivery = 'delivered' then 1 else 0 end), sum(case when m.delivery = 'failed' then 1 else 0 end)
           from conversations c join messages m on m.conversation_id = c.id
            and m.seq > coalesce((select b.seq from messages b where b.conversation_id = c.id and b.created_at < $1 order by b.seq desc limit 1), 0)
          where c.number_id is not null and c.active_at >= $1 and m.delivery <> 'cancelled' and m.created_at >= $1 and m.created_at < $2
          group by 1, 2, 3
         on conflict do nothing",
        "insert into text_days (number_id, day, received, texts, segments, price_micros, delivered, failed)
         select c.number_id, m.created_at / 86400000000, m.delivery = 'received', count(*),
                cast(coalesce(sum(m.segments), 0) as bigint), cast(coalesce(sum(m.price_micros), 0) as bigint),
                sum(case when m.delivery = 'delivered' then 1 else 0 end), sum(case when m.delivery = 'failed' then 1 else 0 end)
           from conversations c
          cross join lateral (select coalesce((select b.seq from messages b where b.conversation_id = c.id and b.created_at < $1 order by b.seq desc limit 1), 0) as seq offset 0) o
          cross join lateral (select m.created_at, m.delivery, m.segments, m.price_micros from messages m
                               where m.conversation_id = c.id and m.seq > o.seq and m.delivery <> 'cancelled' and m.created_at >= $1 and m.created_at < $2 offset 0) m
          where c.number_id is not null and c.active_at >= $1
          group by 1, 2, 3
         on conflict do nothing",
    ))
    .bind(from)
    .bind(to)
    .run()
    .await
}

pub async fn list_counted(db: &mut Conn, user_id: UserId, from_day: i64, to_day: i64) -> Result<Vec<TextDay>> {
    db.sql(
        "select d.day, n.mode, d.received, cast(sum(d.texts) as bigint) as texts, cast(sum(d.segments) as bigint) as segments,
                cast(sum(d.price_micros) as bigint) as price_micros, cast(sum(d.delivered) as bigint) as delivered, cast(sum(d.failed) as bigint) as failed
           from numbers n join text_days d on d.number_id = n.id
          where n.user_id = $1 and d.day >= $2 and d.day < $3
          group by 1, 2, 3 order by 1, 2, 3",
    )
    .bind(user_id)
    .bind(from_day)
    .bind(to_day)
    .all()
    .await
}

/// The same of what is not counted yet.
pub async fn count_young(db: &mut Conn, user_id: UserId, from: Timestamp) -> Result<Vec<TextDay>> {
    db.sql((
        "select m.created_at / 86400000000 as day, n.mode, m.delivery = 'received' as received, count(*) as texts,
                cast(coalesce(sum(m.segments), 0) as bigint) as segments, cast(coalesce(sum(m.price_micros), 0) as bigint) as price_micros,
                sum(case when m.delivery = 'delivered' then 1 else 0 end) as delivered, sum(case when m.delivery = 'failed' then 1 else 0 end) as failed
           from numbers n join conversations c on c.number_id = n.id join messages m on m.conversation_id = c.id
            and m.seq > coalesce((select b.seq from messages b where b.conversation_id = c.id and b.created_at < $2 order by b.seq desc limit 1), 0)
          where n.user_id = $1 and c.active_at >= $2 and m.delivery <> 'cancelled' and m.created_at >= $2
          group by 1, 2, 3 order by 1, 2, 3",
        "select m.created_at / 86400000000 as day, n.mode, m.delivery = 'received' as received, count(*) as texts,
                cast(coalesce(sum(m.segments), 0) as bigint) as segments, cast(coalesce(sum(m.price_micros), 0) as bigint) as price_micros,
                sum(case when m.delivery = 'delivered' then 1 else 0 end) as delivered, sum(case when m.delivery = 'failed' then 1 else 0 end) as failed
           from numbers n join conversations c on c.number_id = n.id
          cross join lateral (select coalesce((select b.seq from messages b where b.conversation_id = c.id and b.created_at < $2 order by b.seq desc limit 1), 0) as seq offset 0) o
          cross join lateral (select m.created_at, m.delivery, m.segments, m.price_micros from messages m
                               where m.conversation_id = c.id and m.seq > o.seq and m.delivery <> 'cancelled' and m.created_at >= $2 offset 0) m
          where n.user_id = $1 and c.active_at >= $2
          group by 1, 2, 3 order by 1, 2, 3",
    ))
    .bind(user_id)
    .bind(from)
    .all()
    .await
}
