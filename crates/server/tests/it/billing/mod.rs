mod ledger;
mod wallets;
