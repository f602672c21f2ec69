//! Texts and receipts as they arrive: into the inbox, or answered with the reason why not.
//! Nothing is lost without a sound: what can never be read is refused as such, so that the carrier's own people see it; all else may come again.

use std::sync::Arc;

use tracing::warn;
use uuid::Uuid;

use super::address::Address;
use super::inbox::Asked;
use super::link::Link;
use super::message::Delivered;
use super::pdu::Pdu;
use super::{Shared, receipt, status, text};
use crate::{Event, Inbound, Receipt};

pub fn take(shared: &Shared, link: &Arc<Link>, pdu: &Pdu) {
    let refuse = |status| link.answer_delivery(pdu.command, pdu.sequence, status);
    let event = Delivered::read(pdu.command, &pdu.body).map_err(|error| error.to_string());
    let event = event.and_then(|delivered| read(shared, link.id, &delivered).map_err(str::to_owned));
    match event {
        Ok(event) => {
            let asked = Asked { link: Arc::clone(link), command: pdu.command, sequence: pdu.sequence };
            if !shared.inbox.put(event, asked) {
                refuse(status::QUEUE_FULL);
            }
        }
        // To bring it again would not help: "permanent", so that the carrier does not try for days.
        Err(reason) => {
            warn!(carrier = %shared.settings.host, reason, "A text from the carrier cannot be read and was refused");
            refuse(status::PERMANENT_ERROR);
        }
    }
}

fn read(shared: &Shared, session: Uuid, delivered: &Delivered) -> Result<Event, &'static str> {
    let settings = &shared.settings;
    let party = |address: &Option<Address>| address.as_ref()?.party(settings.country);
    let (from, to) = (party(&delivered.from), party(&delivered.to));
    let payload = text::read(delivered, settings.text.default_alphabet);
    let at = (shared.now)();
    if receipt::is_receipt(delivered) {
        let told = receipt::read(delivered, &payload.map(|payload| payload.text()).unwrap_or_default());
        let ids = shared.ids().of_receipt(&told.ids, [from.as_ref(), to.as_ref()]);
        // A receipt goes the other way than its text: who got the text sends it.
        let (from, to) = (to, from);
        let receipt = Receipt { ids, outcome: told.outcome, detail: told.detail, at, from, to, text: told.text };
        return Ok(Event::Receipt(receipt));
    }
    Ok(Event::Inbound(Inbound {
        id: None,
        from: from.ok_or("its sender is no address")?,
        to: to.ok_or("its receiver is no address")?,
        payload: payload.ok_or("its data coding is not of a text")?,
        at,
        session: Some(session),
    }))
}

#[cfg(test)]
mod tests {
    use convo_db::Timestamp;
    use proptest::prelude::*;

    use super::super::inbox::MAX_EVENTS;
    use super::super::pdu::command;
    use super::*;

    fn shared() -> Shared {
        let settings = r#"{"host":"smsc.example","system_id":"convo","password":"hidden","country":"GB"}"#;
        let (states, _) = tokio::sync::watch::channel(Vec::new());
        Shared::new(serde_json::from_str(settings).unwrap(), Arc::new(|| Timestamp::from_micros(0)), states)
    }

    /// Addresses, then what the peer likes.
    fn body(rest: &[u8]) -> Vec<u8> {
        [b"\0\x01\x01447400123456\0\x01\x01447700900461\0", rest].concat()
    }

    proptest! {
        #[test]
        fn whatever_arrives_is_stored_or_refused_and_never_more_than_the_inbox_holds(
            rest in proptest::collection::vec(any::<u8>(), 0..300), is_data: bool, with_addresses: bool,
        ) {
            let (shared, (link, mut queue)) = (shared(), Link::new(1));
            let body = if with_addresses { body(&rest) } else { rest };
            let command = if is_data { command::DATA_SM } else { command::DELIVER_SM };
            take(&shared, &link, &Pdu::new(command, 1, body));
            let is_stored = !shared.inbox.is_empty();
            let is_refused = queue.try_recv().is_ok();
            prop_assert!(is_stored != is_refused);
        }
    }

    #[test]
    fn one_more_than_the_inbox_holds_is_sent_away() {
        let (shared, (link, mut queue)) = (shared(), Link::new(1));
        let text = body(b"\0\0\0\0\0\0\0\0\0\x02hi");
        for sequence in 1..=MAX_EVENTS as u32 {
            take(&shared, &link, &Pdu::new(command::DELIVER_SM, sequence, text.clone()));
            assert!(queue.try_recv().is_err());
        }
        take(&shared, &link, &Pdu::new(command::DELIVER_SM, 0, text));
        assert!(queue.try_recv().is_ok());
    }
}
