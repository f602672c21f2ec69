//! Money: what each account has, and every movement of it.
//! It knows nothing of what is paid for; whoever sells something names the price and the account that it goes to.

pub mod ledger;
pub mod wallets;
