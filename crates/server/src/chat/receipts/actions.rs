//! Telling that messages arrived or were read.
//! Returns when it is stored, merged with what others told in the same moment.

use super::batcher::Mark;
use crate::{
    app::App,
    caller::Caller,
    error::{Error, Result},
    ids::ConversationId,
};

pub async fn mark(
    app: &App,
    caller: &Caller,
    conversation_id: ConversationId,
    delivered_seq: Option<i64>,
    read_seq: Option<i64>,
) -> Result<()> {
    if delivered_seq.is_some_and(|seq| seq < 0) || read_seq.is_some_and(|seq| seq < 0) {
        return Err(Error::invalid("read_seq", "seq_negative", "A watermark is 0 or more."));
    }
    app.receipts
        .mark(Mark {
            conversation_id,
            user_id: caller.user_id,
            delivered_seq: delivered_seq.unwrap_or(0),
            read_seq: read_seq.unwrap_or(0),
        })
        .await
}
