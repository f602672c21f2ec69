//! Who has read a message, for whoever may see it.
//! Only present members are told, and only those who could see the message.

use convo_db::Conn;

use super::{MessageReceipts, ReceiptAt, store};
use crate::{
    accounts::users,
    chat::{conversations::access::Reader, messages::Message},
    error::Result,
};

pub async fn of_message(db: &mut Conn, reader: &Reader, message: &Message) -> Result<MessageReceipts> {
    let rows = store::list_of_message(db, reader.conversation().id, message.seq).await?;
    let mut receipts = MessageReceipts { read: vec![], delivered: vec![], pending: vec![], users: vec![] };
    let ids: Vec<_> = rows.iter().map(|row| row.user_id).filter(|id| Some(*id) != message.sender_id).collect();
    for row in rows.into_iter().filter(|row| Some(row.user_id) != message.sender_id) {
        if row.read_seq >= message.seq {
            receipts.read.push(ReceiptAt { user_id: row.user_id, at: row.read_at });
        } else if row.delivered_seq >= message.seq {
            receipts.delivered.push(ReceiptAt { user_id: row.user_id, at: row.delivered_at });
        } else {
            receipts.pending.push(row.user_id);
        }
    }
    receipts.users = users::access::public_profiles(db, &ids).await?;
    Ok(receipts)
}
