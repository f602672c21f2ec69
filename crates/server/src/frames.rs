//! Every frame that a client can send over its socket, as a table of contents; the answers are those of HTTP.
//! Frames only parse, then call the same actions as the routes.

use crate::{
    app::App,
    caller::Caller,
    chat::{
        conversations,
        messages::{self, actions::SendMessage},
        receipts,
    },
    error::{Error, Problem, Result},
    events::{Audience, Event},
    ids::ConversationId,
    sync,
};
use axum::extract::ws::Utf8Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
enum Frame {
    #[serde(rename = "message.send")]
    Send {
        conversation_id: ConversationId,
        #[serde(flatten)]
        message: SendMessage,
    },
    #[serde(rename = "message.edit")]
    Edit { conversation_id: ConversationId, seq: i64, body: String },
    #[serde(rename = "receipt")]
    Receipt {
        conversation_id: ConversationId,
        #[serde(default)]
        delivered_seq: Option<i64>,
        #[serde(default)]
        read_seq: Option<i64>,
    },
    #[serde(rename = "typing")]
    Typing { conversation_id: ConversationId },
    #[serde(rename = "sync")]
    Sync {
        #[serde(default)]
        cursor: Option<String>,
    },
    #[serde(rename = "ping")]
    Ping,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    r#ref: Option<Value>,
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Answer {
    #[serde(rename = "ok")]
    Ok {
        r#ref: Value,
        #[serde(flatten)]
        result: Value,
    },
    #[serde(rename = "error")]
    Error { r#ref: Value, problem: Box<Problem> },
}

/// The answer as a frame; `None` where the client asked for none.
pub async fn handle(app: App, caller: Caller, text: Utf8Bytes) -> Option<String> {
    let text = text.as_str();
    let wants = serde_json::from_str::<Envelope>(text).ok().and_then(|envelope| envelope.r#ref).filter(is_ref);
    let result = match serde_json::from_str::<Frame>(text) {
        Ok(frame) => dispatch(&app, &caller, frame).await,
        Err(error) => Err(Error::malformed(format!("That frame cannot be read: {error}"))),
    };
    let answer = match (wants, result) {
        (Some(r#ref), Ok(result)) => Answer::Ok { r#ref, result },
        (Some(r#ref), Err(error)) => Answer::Error { r#ref, problem: Box::new(error.problem()) },
        (None, _) => return None,
    };
    Some(serde_json::to_string(&answer).expect("answers are plain data"))
}

fn is_ref(value: &Value) -> bool {
    value.is_number() || value.as_str().is_some_and(|text| text.len() <= 64)
}

async fn dispatch(app: &App, caller: &Caller, frame: Frame) -> Result<Value> {
    match frame {
        Frame::Send { conversation_id, message } => {
            let sent = messages::actions::send(app, caller, conversation_id, message).await?;
            Ok(serde_json::json!({ "message": sent.message, "repeated": sent.repeated }))
        }
        Frame::Edit { conversation_id, seq, body } => {
            let message = messages::actions::edit(app, caller, conversation_id, seq, &body).await?;
            Ok(serde_json::json!({ "message": message }))
        }
        Frame::Receipt { conversation_id, delivered_seq, read_seq } => {
            receipts::actions::mark(app, caller, conversation_id, delivered_seq, read_seq).await?;
            Ok(serde_json::json!({}))
        }
        Frame::Typing { conversation_id } => {
            typing(app, caller, conversation_id).await?;
            Ok(serde_json::json!({}))
        }
        Frame::Sync { cursor } => {
            let heads = sync::actions::heads(app, caller.user_id, cursor.as_deref()).await?;
            Ok(serde_json::to_value(heads).expect("heads are plain data"))
        }
        Frame::Ping => Ok(serde_json::json!({})),
    }
}

/// Told to the others at most once in four seconds; never stored.
async fn typing(app: &App, caller: &Caller, conversation_id: ConversationId) -> Result<()> {
    const EVERY: std::time::Duration = std::time::Duration::from_secs(4);
    // Before it is counted: conversations that are none would fill the table of all limits.
    conversations::access::to_read(&mut app.db.read(), caller.user_id, conversation_id).await?;
    if app.limit("typing", &format!("{}{conversation_id}", caller.user_id), 1, EVERY).is_err() {
        return Ok(());
    }
    let user_id = caller.user_id;
    app.tell(&Audience::Typing { conversation_id, user_id }, &Event::Typing { conversation_id, user_id });
    Ok(())
}
