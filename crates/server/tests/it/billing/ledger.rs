//! Whatever is asked of the ledger, by however many at once: it adds up, and each thing happens once.
//!
//! `CONVO_SEED` repeats a run. The ledger has no public door of its own yet for all of this, so its one road is used directly.

use std::collections::{BTreeMap, BTreeSet};

use convo_server::{
    billing::ledger::{
        Account, Mode, Refusal, Transfer, WalletId, access,
        actions::{post, post_one},
    },
    error::MissingMoney,
};
use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::support::TestUser;

const BATCHES: usize = 60;
const MOST: i64 = 40;

fn seed() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a run is repeated with a setting from outside")]
    let seed = std::env::var("CONVO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    eprintln!("seed {seed}: repeat with CONVO_SEED={seed}");
    seed
}

fn wallets(people: &[TestUser]) -> Vec<WalletId> {
    let of =
        |person: &TestUser| [Mode::Test, Mode::Live].map(|mode| WalletId { user_id: person.id.parse().unwrap(), mode });
    people.iter().flat_map(of).collect()
}

fn transfer(wallet: WalletId, key: String, from: Account, to: Account, amount_micros: i64) -> Transfer {
    Transfer { wallet, key, from, to, amount_micros, about: String::new(), made_by: None }
}

/// Money in, a charge or a hold, of a wallet chosen by chance.
fn wish(rng: &mut StdRng, wallets: &[WalletId], key: String) -> Transfer {
    let wallet = wallets[rng.random_range(0..wallets.len())];
    let amount = rng.random_range(1..=MOST);
    match rng.random_range(0..10) {
        0..3 => transfer(wallet, key, Account::Payments, Account::Wallet, amount),
        3..7 => Transfer::charge(wallet, key, Account::Texts, amount, "a text".to_owned()),
        _ => Transfer::hold(wallet, key, amount, "a number".to_owned()),
    }
}

both_dbs!(
    async fn every_batch_does_what_a_plain_account_book_would(t: TestApp) {
        let people = t.users(["ana", "ben"]).await;
        let (wallets, mut rng) = (wallets(&people), StdRng::seed_from_u64(seed()));
        let mut plain: BTreeMap<WalletId, (i64, i64)> = wallets.iter().map(|id| (*id, (0, 0))).collect();
        let mut done: BTreeMap<String, Transfer> = BTreeMap::new();
        let mut refused = 0;
        for n in 0..BATCHES {
            let mut tx = t.app.begin().await.unwrap();
            let mut wishes = vec![];
            for item in 0..rng.random_range(1..8) {
                let old = done.keys().nth(rng.random_range(0..=done.len())).cloned();
                wishes.push(match old {
                    // What was done is repeated, given back, or ends.
                    Some(key) if rng.random_bool(0.5) => {
                        let booked = access::find(&mut tx, &key).await.unwrap().unwrap();
                        match (rng.random_range(0..3), booked.to_account) {
                            (0, Account::Held) => booked.settle(Account::Numbers),
                            (1, Account::Held) => booked.release(),
                            (0 | 1, Account::Texts) if !key.contains('#') => booked.refund(),
                            _ => done[&key].clone(),
                        }
                    }
                    _ => wish(&mut rng, &wallets, format!("{n}.{item}")),
                });
            }
            let results = post(&mut tx, &wishes, t.app.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
            for (wish, result) in wishes.iter().zip(results) {
                let expected = match done.get(&wish.key) {
                    Some(known) if (known.from, known.to) == (wish.from, wish.to) => Ok(true),
                    Some(_) => Err(Refusal::OtherwiseDone),
                    None => {
                        let before = plain[&wish.wallet];
                        let (balance, held) = plain.get_mut(&wish.wallet).unwrap();
                        for (account, amount) in [(wish.from, -wish.amount_micros), (wish.to, wish.amount_micros)] {
                            match account {
                                Account::Wallet => *balance += amount,
                                Account::Held => *held += amount,
                                _ => {}
                            }
                        }
                        if *balance < 0 {
                            let missing = MissingMoney { mode: wish.wallet.mode, micros: -*balance };
                            plain.insert(wish.wallet, before);
                            Err(Refusal::NotEnough(missing))
                        } else {
                            done.insert(wish.key.clone(), wish.clone());
                            Ok(false)
                        }
                    }
                };
                refused += usize::from(expected.is_err());
                assert_eq!(result.map(|posted| posted.repeated), expected, "{wish:?}");
            }
        }
        assert!(refused > 0 && done.len() > BATCHES / 2, "{refused} refused, {} done", done.len());
        let mut db = t.app.db.read();
        for person in &people {
            for wallet in access::wallets(&mut db, person.id.parse().unwrap()).await.unwrap() {
                assert_eq!((wallet.balance_micros, wallet.held_micros), plain[&wallet.id()], "{:?}", wallet.id());
            }
        }
        let audit = access::audit(&mut db).await.unwrap();
        assert_eq!((audit.unbalanced, audit.transfers), (vec![], i64::try_from(done.len()).unwrap()));
    }
);

both_dbs!(
    async fn many_at_once_with_the_same_keys_move_everything_once(t: TestApp) {
        let people = t.users(["ana", "ben", "cleo"]).await;
        let (wallets, seed) = (wallets(&people), seed());
        let mut tx = t.app.begin().await.unwrap();
        for (n, wallet) in wallets.iter().enumerate() {
            let top_up = transfer(*wallet, format!("in {n}"), Account::Payments, Account::Wallet, 10 * MOST);
            post_one(&mut tx, top_up, t.app.clock.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        // Each does the same batches, in an order of its own: whatever comes second is a repetition, or refused again.
        let workers = (0..6).map(|worker| {
            let (t, wallets) = (t.clone(), wallets.clone());
            async move {
                let mut order: Vec<u64> = (0..20).collect();
                let mut rng = StdRng::seed_from_u64(seed.wrapping_add(worker));
                rand::seq::SliceRandom::shuffle(&mut *order, &mut rng);
                for n in order {
                    let mut same = StdRng::seed_from_u64(seed.wrapping_mul(31).wrapping_add(n));
                    let wishes: Vec<_> = (0..6).map(|item| wish(&mut same, &wallets, format!("{n}.{item}"))).collect();
                    let mut tx = t.app.begin().await.unwrap();
                    let mut ends = vec![];
                    for posted in post(&mut tx, &wishes, t.app.clock.now()).await.unwrap().into_iter().flatten() {
                        if posted.transfer.to_account == Account::Held {
                            // Of those who end a hold in different ways, one comes first.
                            ends.push(if rng.random_bool(0.5) {
                                posted.transfer.release()
                            } else {
                                posted.transfer.settle(Account::Numbers)
                            });
                        }
                    }
                    post(&mut tx, &ends, t.app.clock.now()).await.unwrap();
                    tx.commit().await.unwrap();
                }
            }
        });
        futures_util::future::join_all(workers).await;
        let mut db = t.app.db.read();
        assert_eq!(access::audit(&mut db).await.unwrap().unbalanced, []);
        let mut ended = BTreeSet::new();
        for wallet in wallets {
            let transfers = access::transfers(&mut db, wallet, None, 1000).await.unwrap();
            assert!(transfers.iter().all(|transfer| transfer.balance_micros >= 0));
            for transfer in &transfers {
                assert!(ended.insert(transfer.key.clone()), "{} happened twice", transfer.key);
            }
            let held = access::wallets(&mut db, wallet.user_id).await.unwrap();
            assert!(held.iter().all(|wallet| wallet.held_micros == 0), "every hold ended");
        }
    }
);

both_dbs!(
    async fn money_that_moved_stays_moved(t: TestApp) {
        let ana = t.user("ana").await;
        ana.tops_up("one", 1_000_000).await.created();
        for text in ["update transfers set amount_micros = 2", "delete from transfers"] {
            let mut tx = t.app.db.begin().await.unwrap();
            let refused = if text.starts_with("update") {
                tx.sql("update transfers set amount_micros = 2").run().await
            } else {
                tx.sql("delete from transfers").run().await
            };
            assert!(refused.unwrap_err().to_string().contains("only ever added"), "{text}");
        }
        let mut tx = t.app.db.begin().await.unwrap();
        tx.sql("update wallets set balance_micros = -1").run().await.expect_err("a check of the database");
        drop(tx);

        // What no transfer explains is found.
        let mut tx = t.app.db.begin().await.unwrap();
        tx.sql("update wallets set balance_micros = 7").run().await.unwrap();
        tx.commit().await.unwrap();
        let unbalanced = access::audit(&mut t.app.db.read()).await.unwrap().unbalanced;
        assert_eq!(
            unbalanced.iter().map(|wallet| (wallet.balance_micros, wallet.transferred_micros)).collect::<Vec<_>>(),
            [(7, 1_000_000)]
        );

        let owner = WalletId { user_id: ana.id.parse().unwrap(), mode: Mode::Test };
        let mut tx = t.app.begin().await.unwrap();
        let charge = Transfer::charge(owner, "c".to_owned(), Account::Texts, 8, String::new());
        let refused = post_one(&mut tx, charge, t.app.clock.now()).await.unwrap_err();
        assert_eq!(refused.detail, "The wallet lacks 0.000001. Top it up, then try again; nothing was charged.");
        assert_eq!(refused.missing_money, Some(MissingMoney { mode: Mode::Test, micros: 1 }));
    }
);
