//! Verifications as a table for spreadsheets (RFC 4180): comma, CRLF, quotes where they are needed.
//! No cell is ever a formula: one that would be begins with an apostrophe.

use crate::sms::verifications::{Verification, VerificationStatus};

const COLUMNS: &str = "id,service,number,temporary,country,status,code,paid,mode,created_at,ended_at,seconds_to_code";

pub fn write(rows: &[Verification]) -> String {
    let mut file = String::with_capacity(200 * (rows.len() + 1));
    file.push_str(COLUMNS);
    file.push_str("\r\n");
    for row in rows {
        let status = serde_json::to_value(row.status).ok();
        let is_paid = row.status == VerificationStatus::Completed;
        let paid = micros(if is_paid { row.price_micros } else { 0 });
        let seconds = row.took_ms.map(|ms| format!("{}.{:03}", ms / 1_000, ms % 1_000)).unwrap_or_default();
        let cells = [
            row.id.to_string(),
            row.service_name.clone(),
            row.number.clone().unwrap_or_default(),
            row.temporary.to_string(),
            row.country.clone(),
            status.as_ref().and_then(|status| status.as_str()).unwrap_or_default().to_owned(),
            row.code.clone().unwrap_or_default(),
            paid,
            row.mode.as_str().to_owned(),
            row.created_at.to_string(),
            row.ended_at.map(|at| at.to_string()).unwrap_or_default(),
            seconds,
        ];
        file.push_str(&cells.map(|text| cell(&text)).join(","));
        file.push_str("\r\n");
    }
    file
}

fn micros(micros: i64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, written) in [
            ("Acme", "Acme"),
            ("=1+1", "'=1+1"),
            ("+14155550123", "'+14155550123"),
            ("-1", "'-1"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("a,b", "\"a,b\""),
            ("=\"a\"", "\"'=\"\"a\"\"\""),
            ("a\r\nb", "\"a\r\nb\""),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
