//! The rules of docs/realtime.md, section 4, on small histories.
//! Never needs a server.

use serde_json::{Value, json};

use super::model::{Conversation, Model, Step};

fn message(seq: u64, version: u64, body: &str) -> Value {
    json!({"seq": seq, "version": version, "kind": "text", "sender_id": "usr_b", "body": body, "deleted_at": null})
}

fn created(version: u64, seq: u64) -> Value {
    json!({"type": "message.created", "conversation_id": "c", "version": version, "message": message(seq, version, "hello")})
}

fn loaded() -> Model {
    let view = json!({"version": 3, "last_seq": 0, "title": "T", "members": [{"user_id": "usr_a", "delivered_seq": 0, "read_seq": 0}],
        "mine": {"mine_version": 1, "delivered_seq": 0, "read_seq": 0, "hidden_seqs": []}});
    let mut model = Model::new("usr_a");
    model.load("c", Conversation::from_view(&view));
    model
}

#[test]
fn events_apply_in_order_and_once() {
    let mut model = loaded();
    assert_eq!(model.apply(&created(4, 1)), Step::Done);
    assert_eq!(model.apply(&created(4, 1)), Step::Done);
    assert_eq!(model.position("c"), Some((4, 1, 1)));
    assert_eq!(model.conversations["c"].unread("usr_a"), 1);
    assert!(model.broken_rules.is_empty());
}

#[test]
fn a_gap_keeps_what_came_until_the_missing_version_is_there() {
    let mut model = loaded();
    assert_eq!(model.apply(&created(5, 2)), Step::Gap("c".into()));
    assert_eq!(model.position("c"), Some((3, 0, 1)));
    assert_eq!(model.apply(&created(4, 1)), Step::Done);
    assert_eq!(model.position("c"), Some((5, 2, 1)));
}

#[test]
fn a_difference_is_applied_whole_then_what_was_kept_above_it() {
    let mut model = loaded();
    assert_eq!(model.apply(&created(6, 3)), Step::Gap("c".into()));
    let difference = json!({"version": 5, "last_seq": 2, "messages": [message(1, 4, "a"), message(2, 5, "b")], "members": [],
        "conversation": {"title": "U"}, "mine": null});
    model.apply_difference("c", &difference);
    assert_eq!(model.position("c"), Some((6, 3, 1)));
    assert_eq!(model.conversations["c"].shared["title"], "U");
    assert!(!model.has_gap("c"));
}

#[test]
fn a_receipt_of_mine_moves_my_watermarks_and_unread() {
    let mut model = loaded();
    model.apply(&created(4, 1));
    let positions = json!([{"user_id": "usr_a", "delivered_seq": 1, "read_seq": 1}]);
    model.apply(&json!({"type": "receipt.updated", "conversation_id": "c", "version": 5, "positions": positions}));
    assert_eq!(model.conversations["c"].unread("usr_a"), 0);
    assert_eq!(model.conversations["c"].members["usr_a"]["read_seq"], 1);
}

#[test]
fn a_message_that_skips_a_seq_breaks_the_rules() {
    let mut model = loaded();
    model.apply(&created(4, 2));
    assert_eq!(model.broken_rules.len(), 1);
}

#[test]
fn an_unknown_conversation_is_loaded_and_a_removed_one_dropped() {
    let mut model = loaded();
    assert_eq!(
        model.apply(&json!({"type": "conversation.created", "conversation_id": "d", "version": 1})),
        Step::Load("d".into())
    );
    assert_eq!(model.apply(&json!({"type": "conversation.removed", "conversation_id": "c"})), Step::Done);
    assert!(model.conversations.is_empty());
}
