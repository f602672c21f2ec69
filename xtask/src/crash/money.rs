//! Money while the server is killed: every payment that was acknowledged happened once, and wallets add up.
//! Never takes silence for a refusal: a payment is repeated under its key until there is an answer.

use std::collections::BTreeMap;

use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use uuid::Uuid;

use convo_client::{Api, Trouble, text};

/// A payment without an answer yet.
#[derive(Clone)]
struct Payment {
    key: String,
    path: String,
    body: Value,
    tries: u32,
}

/// A payment that the server acknowledged.
struct Paid {
    payment: Payment,
    transfer: String,
}

#[derive(Default)]
pub struct Purse {
    paid: Vec<Paid>,
    unpaid: Option<Payment>,
    pub repeated: u64,
    pub refused: u64,
}

impl Purse {
    pub fn is_settled(&self) -> bool {
        self.unpaid.is_none()
    }

    pub fn paid(&self) -> u64 {
        self.paid.len() as u64
    }

    /// Tops up, or as an administrator (`others` are given) takes from somebody; now and then something paid is asked for again.
    pub async fn pay(&mut self, api: &mut Api, others: &[String], rng: &mut StdRng) -> Result<Option<String>, Trouble> {
        if rng.random_bool(0.1) && !self.paid.is_empty() {
            return self.pay_again(api, rng).await;
        }
        let amount_micros = rng.random_range(10_000..5_000_000);
        let (path, body) = if others.is_empty() || rng.random_bool(0.5) {
            ("/api/wallets/test/top-ups".to_owned(), json!({"amount_micros": amount_micros}))
        } else {
            let owner = &others[rng.random_range(0..others.len())];
            let path = format!("/api/admin/users/{owner}/wallets/test/adjustments");
            (path, json!({"amount_micros": -amount_micros, "reason": "a charge"}))
        };
        self.unpaid = Some(Payment { key: Uuid::new_v4().to_string(), path, body, tries: 0 });
        self.settle(api).await.map(|()| None)
    }

    /// Before anybody is killed.
    pub async fn top_up(&mut self, api: &mut Api, amount_micros: i64) -> Result<(), Trouble> {
        let (path, body) = ("/api/wallets/test/top-ups".to_owned(), json!({"amount_micros": amount_micros}));
        self.unpaid = Some(Payment { key: Uuid::new_v4().to_string(), path, body, tries: 0 });
        self.settle(api).await
    }

    pub async fn settle(&mut self, api: &mut Api) -> Result<(), Trouble> {
        let Some(payment) = &mut self.unpaid else { return Ok(()) };
        self.repeated += u64::from(payment.tries > 0);
        payment.tries += 1;
        let answer = api.pay(&payment.key, &payment.path, payment.body.clone()).await;
        if let Err(Trouble::Lost) = answer {
            return Err(Trouble::Lost);
        }
        let payment = self.unpaid.take().unwrap_or_else(|| unreachable!("it was there a moment ago"));
        match answer {
            Ok(transfer) => self.paid.push(Paid { payment, transfer: text(&transfer, "id") }),
            // The wallet had too little.
            Err(Trouble::Refused { status: 402, .. }) => self.refused += 1,
            Err(trouble) => return Err(trouble),
        }
        Ok(())
    }

    async fn pay_again(&mut self, api: &mut Api, rng: &mut StdRng) -> Result<Option<String>, Trouble> {
        let Paid { payment, transfer } = &self.paid[rng.random_range(0..self.paid.len())];
        let again = api.pay(&payment.key, &payment.path, payment.body.clone()).await?;
        Ok((text(&again, "id") != *transfer).then(|| format!("{}: was {transfer}, its repeat {again}", payment.path)))
    }
}

/// What each acknowledged payment left, in whosever wallet, stands there once, and nothing else does.
pub async fn check(apis: &mut [Api], purses: &[&Purse]) -> Result<Vec<String>, Trouble> {
    let (mut problems, mut seen) = (vec![], BTreeMap::<String, u32>::new());
    for api in apis {
        let wallets = api.get("/api/wallets").await?;
        let balance = &wallets["wallets"][0]["balance_micros"];
        let mut transfers = all_transfers(api).await?;
        transfers.reverse();
        let (mut sum, mut held) = (0, 0);
        for transfer in &transfers {
            let amount = transfer["amount_micros"].as_i64().unwrap_or_default();
            let moved = |account: &str| {
                i64::from(transfer["to_account"] == account) - i64::from(transfer["from_account"] == account)
            };
            sum += moved("wallet") * amount;
            held += moved("held") * amount;
            if transfer["balance_micros"] != sum {
                problems.push(format!("{}: the balance after {transfer} should be {sum}", api.user_id));
            }
            // Numbers and texts are checked by what they are.
            let by_hand = |side: &str| ["payments", "administrators"].contains(&&*text(transfer, side));
            if by_hand("from_account") || by_hand("to_account") {
                *seen.entry(text(transfer, "id")).or_default() += 1;
            }
        }
        if wallets["wallets"][0]["held_micros"] != held || held != 0 {
            problems.push(format!("{}: {held} is still held", api.user_id));
        }
        if *balance != sum {
            problems.push(format!("{}: the wallet says {balance}, its transfers {sum}", api.user_id));
        }
    }
    let paid: Vec<_> = purses.iter().flat_map(|purse| &purse.paid).map(|paid| &paid.transfer).collect();
    problems.extend(
        paid.iter().filter(|id| seen.get(**id) != Some(&1)).map(|id| format!("{id}: paid, but not there once")),
    );
    if seen.len() != paid.len() {
        problems.push(format!("{} payments were acknowledged, {} are there", paid.len(), seen.len()));
    }
    Ok(problems)
}

pub async fn all_transfers(api: &mut Api) -> Result<Vec<Value>, Trouble> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = api.get(&format!("/api/wallets/test/transfers?limit=200{cursor}")).await?;
        all.extend(page["transfers"].as_array().cloned().unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(all),
        }
    }
}
