//! Each rule, kept and broken, on small texts.
//! Never looks at the real tree: `cargo xtask arrows` does.

use super::layout::{self, Features};
use super::rules;
use super::source::code_only;

fn features() -> Features {
    let stores =
        ["accounts/users/store.rs", "accounts/sessions/store.rs", "chat/messages/store/rows.rs", "sync/store.rs"];
    layout::features(&stores.map(|name| (format!("crates/server/src/{name}"), String::new())))
}

fn said(name: &str, text: &str) -> Vec<String> {
    let name = format!("crates/server/src/{name}");
    rules::of_code(&name, text, &features())
        .into_iter()
        .map(|finding| format!("{}: {}", finding.line, finding.what))
        .collect()
}

#[test]
fn a_feature_uses_its_own_store_in_every_spelling() {
    for text in [
        "use super::store; fn f() { store::find(); }",
        "fn f() { super::store::find(); }",
        "use crate::accounts::users::store;",
        "use crate::accounts::{users::{self, store}, sessions::actions};",
    ] {
        assert_eq!(said("accounts/users/actions.rs", text), Vec::<String>::new(), "{text}");
    }
    assert!(said("accounts/users/mod.rs", "mod store; use store::Row; fn f() { self::store::g() }").is_empty());
    assert!(said("chat/messages/store/search.rs", "use super::rows; use super::super::store;").is_empty());
}

#[test]
fn the_store_of_another_feature_is_found_in_every_spelling() {
    for text in [
        "use crate::accounts::sessions::store;",
        "use crate::accounts::{sessions::{actions, store as theirs}};",
        "fn f() { crate::accounts::sessions::store::find(); }",
        "use super::super::sessions; fn f() { sessions::store::find(); }",
        "use crate::accounts; fn f() { accounts::sessions::store::find(); }",
        "use crate::sync::store::since;",
    ] {
        assert_eq!(said("accounts/users/actions.rs", text).len(), 1, "{text}");
    }
    assert_eq!(
        said("accounts/users/actions.rs", "\nuse crate::accounts::sessions::store;"),
        ["2: uses `accounts::sessions::store`: another feature is used through its `access` and `actions`"]
    );
}

#[test]
fn nobody_else_uses_a_store_either() {
    assert_eq!(said("app.rs", "use crate::sync::store;").len(), 1);
    assert_eq!(said("accounts/mod.rs", "pub mod users; fn f() { users::store::find(); }").len(), 1);
    assert!(said("files.rs", "struct A { store: B } fn f(a: A) { a.store.put(); object_store::path(); }").is_empty());
}

#[test]
fn sql_stands_in_stores_only() {
    assert!(said("sync/store.rs", "fn f() { db.sql(\"select 1\") }").is_empty());
    assert!(said("chat/messages/store/rows.rs", "fn f() { db.sql(\"select 1\") }").is_empty());
    assert_eq!(said("sync/routes.rs", "fn f() {\n db.sql(\"select 1\") }").len(), 1);
    assert!(said("sync/routes.rs", "// never db.sql(\nconst A: &str = \".sql(\";").is_empty());
}

#[test]
fn the_wire_knows_no_feature() {
    assert_eq!(said("realtime/hub.rs", "use crate::chat::messages::Message;").len(), 1);
    assert_eq!(said("realtime/hub.rs", "use crate::{events::Event, accounts::UserId};").len(), 1);
    assert!(said("realtime/hub.rs", "use crate::events::Event; // as in chat::messages").is_empty());
}

#[test]
fn files_have_a_header_and_an_end() {
    assert!(rules::header("crates/db/src/lib.rs", "//! What.\n//! Never.").is_none());
    assert!(rules::header("crates/db/src/lib.rs", "use a;").is_some());
    assert!(rules::header("crates/server/tests/it/main.rs", "use a;").is_none());
    assert!(rules::length("web/src/a.ts", &"a\n".repeat(500)).is_none());
    assert!(rules::length("web/src/a.ts", &"a\n".repeat(501)).is_some());
    assert!(rules::length("web/src/api/schema.d.ts", &"a\n".repeat(9_000)).is_none());
}

#[test]
fn comments_and_literals_are_blanked_and_lines_kept() {
    let text = "a /* b /* c */ d */ e\n\"f \\\" // g\" h // i\nr#\"j \" k\"# l 'm' '\\'' n<'o> br\"p\" 'q: loop";
    let code = code_only(text);
    assert_eq!(code.lines().count(), text.lines().count());
    let words: Vec<_> = code.split_whitespace().collect();
    assert_eq!(words, ["a", "e", "h", "l", "n<'o>", "b", "'q:", "loop"]);
}
