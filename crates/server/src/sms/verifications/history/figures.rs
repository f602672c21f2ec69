//! How often codes came, and how fast: in all, by service, by country, by day.
//! Counted here and not in SQL, so that both engines say the same of the middle.

use std::collections::BTreeMap;

use convo_db::{Conn, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    MAX_COUNTED,
    store::{self, Counted},
};
use crate::{error::Result, ids::UserId, sms::verifications::VerificationStatus};

const DAY_MICROS: i64 = 86_400_000_000;

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Figures {
    pub begun: i64,
    pub completed: i64,
    pub expired: i64,
    pub cancelled: i64,
    /// Of those that came to an end by themselves, the share whose code came: 0 to 1. Null if there is none.
    pub success_rate: Option<f64>,
    /// From creation to code, of those that were completed.
    pub median_ms: Option<i64>,
    pub p95_ms: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct FiguresOfService {
    pub service: String,
    pub service_name: String,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Serialize, ToSchema)]
pub struct FiguresOfCountry {
    pub country: String,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Serialize, ToSchema)]
pub struct FiguresOfDay {
    /// Days since 1 January 1970, in UTC.
    pub day: i64,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Serialize, ToSchema)]
pub struct VerificationFigures {
    pub total: Figures,
    /// Most used first.
    pub services: Vec<FiguresOfService>,
    /// Most used first.
    pub countries: Vec<FiguresOfCountry>,
    /// In their order; days without any are left out.
    pub days: Vec<FiguresOfDay>,
    /// Only the newest 100,000 are counted.
    pub truncated: bool,
}

pub async fn of(
    db: &mut Conn,
    user_id: UserId,
    from: Timestamp,
    to: Timestamp,
    service: Option<&str>,
) -> Result<VerificationFigures> {
    let rows = store::list_counted(db, user_id, from, to, service).await?;
    let total = figures(&rows.iter().collect::<Vec<_>>());
    let mut services: Vec<_> = group(&rows, |row| row.service.clone())
        .into_iter()
        .map(|(service, rows)| FiguresOfService {
            service,
            service_name: rows[0].service_name.clone(),
            figures: figures(&rows),
        })
        .collect();
    let mut countries: Vec<_> = group(&rows, |row| row.country.clone())
        .into_iter()
        .map(|(country, rows)| FiguresOfCountry { country, figures: figures(&rows) })
        .collect();
    let days = group(&rows, |row| row.created_at.micros().div_euclid(DAY_MICROS))
        .into_iter()
        .map(|(day, rows)| FiguresOfDay { day, figures: figures(&rows) })
        .collect();
    services.sort_by_key(|it| std::cmp::Reverse(it.figures.begun));
    countries.sort_by_key(|it| std::cmp::Reverse(it.figures.begun));
    let truncated = i64::try_from(rows.len()).is_ok_and(|found| found == MAX_COUNTED);
    Ok(VerificationFigures { total, services, countries, days, truncated })
}

fn group<K: Ord>(rows: &[Counted], key: impl Fn(&Counted) -> K) -> BTreeMap<K, Vec<&Counted>> {
    let mut groups = BTreeMap::new();
    for row in rows {
        groups.entry(key(row)).or_insert_with(Vec::new).push(row);
    }
    groups
}

fn figures(rows: &[&Counted]) -> Figures {
    let count = |wanted: VerificationStatus| {
        i64::try_from(rows.iter().filter(|row| row.status == wanted).count()).unwrap_or(i64::MAX)
    };
    let completed = count(VerificationStatus::Completed);
    let expired = count(VerificationStatus::Expired);
    let decided = completed + expired + count(VerificationStatus::Failed);
    let took = |row: &&&Counted| row.status == VerificationStatus::Completed;
    let mut took: Vec<i64> = rows
        .iter()
        .filter(took)
        .filter_map(|row| i64::try_from(row.ended_at?.since(row.created_at).as_millis()).ok())
        .collect();
    took.sort_unstable();
    Figures {
        begun: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        completed,
        expired,
        cancelled: count(VerificationStatus::Cancelled),
        success_rate: (decided > 0).then(|| completed as f64 / decided as f64),
        median_ms: percentile(&took, 50),
        p95_ms: percentile(&took, 95),
    }
}

/// The nearest rank: the least value that so many of a hundred do not exceed.
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!((percentile(&[7], 50), percentile(&[7], 95)), (Some(7), Some(7)));
        let hundred: Vec<i64> = (1..=100).collect();
        assert_eq!((percentile(&hundred, 50), percentile(&hundred, 95)), (Some(50), Some(95)));
        assert_eq!(percentile(&[1, 2, 3], 50), Some(2));
    }
}
