//! Moving money, inside the transaction of what it pays for.
//! There is one road, `post`; nothing else writes a wallet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use convo_db::Timestamp;

use super::{Account, MAX_MICROS, Refusal, Transfer, Transferred, Wallet, WalletId, store};
use crate::{
    app::Tx,
    error::{Error, MissingMoney, Result},
    events::{Audience, Event},
    ids::TransferId,
};

/// What became of one transfer; `repeated` if it had happened before.
#[derive(Debug, Clone)]
pub struct Posted {
    pub transfer: Transferred,
    pub repeated: bool,
}

/// Moves everything that is wished for, in order, each with its own result: one who has too little stops nobody else.
///
/// It locks the wallets in the order of their ids, after whatever the caller has locked. A repeated key gives what
/// it gave the first time, so two transfers with one key must be of one wallet.
pub async fn post(tx: &mut Tx, wishes: &[Transfer], now: Timestamp) -> Result<Vec<Result<Posted, Refusal>>> {
    let ids: BTreeSet<_> = wishes.iter().map(|wish| wish.wallet).collect();
    let wallets = lock(tx, &ids).await?;
    let known = store::list_by_keys(tx, wishes.iter().map(|wish| &*wish.key)).await?;
    let mut book = Book {
        wallets: wallets.into_iter().map(|wallet| (wallet.id(), wallet)).collect(),
        known: known.into_iter().map(|transfer| (transfer.key.clone(), transfer)).collect(),
        fresh: vec![],
        now,
    };
    let results = wishes.iter().map(|wish| book.decide(wish)).collect::<Result<Vec<_>>>()?;
    if book.fresh.is_empty() {
        return Ok(results);
    }
    let changed: BTreeSet<_> = book.fresh.iter().map(Transferred::wallet).collect();
    let mut changed: Vec<Wallet> = changed.iter().map(|id| book.wallets[id].clone()).collect();
    for wallet in &mut changed {
        wallet.version += 1;
    }
    store::insert(tx, &book.fresh).await?;
    store::save(tx, &changed).await?;
    for wallet in changed {
        tx.emit(Audience::Person(wallet.user_id), Event::WalletUpdated { wallet });
    }
    Ok(results)
}

/// All of them, made where they are missing: mostly they are there, so that is looked at first.
async fn lock(tx: &mut Tx, ids: &BTreeSet<WalletId>) -> Result<Vec<Wallet>> {
    let wallets = store::lock(tx, ids).await?;
    if wallets.len() == ids.len() {
        return Ok(wallets);
    }
    store::open(tx, ids).await?;
    Ok(store::lock(tx, ids).await?)
}

/// The same for one of them.
pub async fn post_one(tx: &mut Tx, wish: Transfer, now: Timestamp) -> Result<Posted> {
    let posted = post(tx, &[wish], now).await?.pop().ok_or_else(|| Error::internal(anyhow::anyhow!("no result")))?;
    Ok(posted?)
}

/// How far the wallet's owner may go into debt. Refused while they owe more already.
pub async fn set_credit_limit(tx: &mut Tx, id: WalletId, credit_limit_micros: i64) -> Result<Wallet> {
    if !(0..=MAX_MICROS).contains(&credit_limit_micros) {
        return Err(Refusal::Amount.into());
    }
    let ids = BTreeSet::from([id]);
    let mut wallet =
        lock(tx, &ids).await?.pop().ok_or_else(|| Error::internal(anyhow::anyhow!("a wallet is missing")))?;
    if wallet.balance_micros < -credit_limit_micros {
        return Err(Error::conflict(
            "owes_more",
            "More than that is owed already. Set a higher limit, or let the debt be paid first.",
        ));
    }
    wallet.credit_limit_micros = credit_limit_micros;
    wallet.version += 1;
    store::set_credit_limit(tx, &wallet).await?;
    tx.emit(Audience::Person(wallet.user_id), Event::WalletUpdated { wallet: wallet.clone() });
    Ok(wallet)
}

/// The wallets as they are after the transfers decided so far.
struct Book {
    wallets: HashMap<WalletId, Wallet>,
    /// Of before, and of this batch.
    known: BTreeMap<String, Transferred>,
    fresh: Vec<Transferred>,
    now: Timestamp,
}

impl Book {
    fn decide(&mut self, wish: &Transfer) -> Result<Result<Posted, Refusal>> {
        if let Some(known) = self.known.get(&wish.key) {
            let posted = Posted { transfer: known.clone(), repeated: true };
            return Ok(if known.is(wish) { Ok(posted) } else { Err(Refusal::OtherwiseDone) });
        }
        let wallet = self
            .wallets
            .get_mut(&wish.wallet)
            .ok_or_else(|| Error::internal(anyhow::anyhow!("a wallet that was opened is missing")))?;
        let (balance, held) = match wallet.after(wish) {
            Ok(after) => after,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if held < 0 {
            // Only what was held is ever settled or released, so this is a fault of ours.
            return Err(Error::internal(anyhow::anyhow!("{} would take more than is held", wish.key)));
        }
        (wallet.balance_micros, wallet.held_micros) = (balance, held);
        let transfer = Transferred {
            id: TransferId::new(),
            key: wish.key.clone(),
            user_id: wish.wallet.user_id,
            mode: wish.wallet.mode,
            from_account: wish.from,
            to_account: wish.to,
            amount_micros: wish.amount_micros,
            balance_micros: balance,
            about: wish.about.clone(),
            made_by: wish.made_by,
            created_at: self.now,
        };
        self.known.insert(wish.key.clone(), transfer.clone());
        self.fresh.push(transfer.clone());
        Ok(Ok(Posted { transfer, repeated: false }))
    }
}

impl Wallet {
    /// Balance and holds after that transfer.
    fn after(&self, wish: &Transfer) -> Result<(i64, i64), Refusal> {
        if !(1..=MAX_MICROS).contains(&wish.amount_micros) {
            return Err(Refusal::Amount);
        }
        let moved = |account| {
            let sign = i64::from(wish.to == account) - i64::from(wish.from == account);
            sign * wish.amount_micros
        };
        let (balance, held) = (self.balance_micros + moved(Account::Wallet), self.held_micros + moved(Account::Held));
        let missing_micros = -self.credit_limit_micros - balance;
        if wish.from == Account::Wallet && missing_micros > 0 {
            return Err(Refusal::NotEnough(MissingMoney { mode: wish.wallet.mode, micros: missing_micros }));
        }
        // What comes back to a wallet always finds room: it was there before.
        if matches!(wish.from, Account::Payments | Account::Administrators) && balance > MAX_MICROS {
            return Err(Refusal::Amount);
        }
        Ok((balance, held))
    }
}
