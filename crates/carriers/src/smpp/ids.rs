//! A carrier's id of a text, told once with the submission and again with the receipt, by some in another form.
//! Never lets a guess match another text: what only a guess would match is left out as soon as the form is known.

use std::collections::VecDeque;
use std::collections::hash_map::{Entry, HashMap};
use std::hash::{BuildHasher, RandomState};

use convo_phone::Party;

use super::settings::MessageIds;

/// How many submissions are remembered to find out the form.
const REMEMBERED: usize = 16_384;
/// Receipts that agree before the form counts as known, and how many of them one that disagrees outweighs.
const AGREEING: u32 = 16;
const OUTWEIGHED: u32 = 50;
const FADING: u32 = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Same,
    /// Submissions are decimal, receipts hexadecimal.
    Decimal,
    /// Submissions are hexadecimal, receipts decimal.
    Hexadecimal,
}

const FORMS: [Form; 3] = [Form::Same, Form::Decimal, Form::Hexadecimal];

/// As ids are stored and compared. Digits lose their leading zeros, hexadecimal its case; others may mean something by theirs and keep it.
pub fn canonical(id: &str) -> String {
    let id = id.trim();
    let hexadecimal = id.strip_prefix("0x").or_else(|| id.strip_prefix("0X")).unwrap_or(id);
    if !hexadecimal.is_empty() && hexadecimal.bytes().all(|sign| sign.is_ascii_hexdigit()) {
        let stripped = hexadecimal.trim_start_matches('0').to_ascii_lowercase();
        return if stripped.is_empty() { "0".to_owned() } else { stripped };
    }
    // UUIDs.
    if id.bytes().all(|sign| sign.is_ascii_hexdigit() || sign == b'-') {
        return id.to_ascii_lowercase();
    }
    id.to_owned()
}

impl Form {
    /// What the submission's id would be, of the receipt's in its canonical form.
    fn of(self, id: &str) -> Option<String> {
        match self {
            Self::Same => Some(id.to_owned()),
            Self::Decimal => u128::from_str_radix(id, 16).ok().map(|number| number.to_string()),
            Self::Hexadecimal => id.parse::<u128>().ok().map(|number| format!("{number:x}")),
        }
    }
}

/// What the ids of one link have in common.
pub struct Ids {
    known: Option<Form>,
    votes: [u32; FORMS.len()],
    /// Receivers of the last submissions, by id; only hashes, which are small and say nothing.
    receivers: HashMap<u64, u64>,
    order: VecDeque<u64>,
    /// Receivers of submissions whose id is not known yet, or never will be.
    in_doubt: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Ids {
    pub fn new(setting: MessageIds) -> Self {
        let known = match setting {
            MessageIds::Auto => None,
            MessageIds::Same => Some(Form::Same),
            MessageIds::ReceiptHexadecimal => Some(Form::Decimal),
            MessageIds::ReceiptDecimal => Some(Form::Hexadecimal),
        };
        Self {
            known,
            votes: [0; FORMS.len()],
            receivers: HashMap::new(),
            order: VecDeque::new(),
            in_doubt: HashMap::new(),
            hasher: RandomState::new(),
        }
    }

    /// A part to this receiver is on its way: until it is answered, a receipt may be about it.
    pub fn leaves(&mut self, to: &Party) {
        if self.in_doubt.len() >= REMEMBERED {
            self.in_doubt.clear();
        }
        *self.in_doubt.entry(self.hasher.hash_one(to)).or_default() += 1;
    }

    /// What became of one of them is known.
    pub fn answered(&mut self, to: &Party) {
        if let Entry::Occupied(mut count) = self.in_doubt.entry(self.hasher.hash_one(to)) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }

    /// A part to this receiver was accepted under this canonical id.
    pub fn accepted(&mut self, id: &str, to: &Party) {
        let (id, to) = (self.hasher.hash_one(id), self.hasher.hash_one(to));
        if self.receivers.insert(id, to).is_none() {
            self.order.push_back(id);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.receivers.remove(&oldest);
        }
    }

    /// Every form in which the submission may have told the ids of a receipt about one of these parties, the likeliest first.
    pub fn of_receipt(&mut self, told: &[String], parties: [Option<&Party>; 2]) -> Vec<String> {
        let Some(first) = told.first().map(|id| canonical(id)) else { return Vec::new() };
        let confirmed = if self.known.is_none() { self.confirm(&first, parties) } else { None };
        if let Some(form) = self.known.or_else(|| self.agreed()) {
            return form.of(&first).into_iter().collect();
        }
        if let Some(id) = confirmed {
            return vec![id];
        }
        let mut forms = FORMS;
        forms.sort_by_key(|form| std::cmp::Reverse(self.votes[*form as usize]));
        let mut ids = Vec::new();
        for told in told {
            let id = canonical(told);
            let others = [told.to_ascii_lowercase(), told.to_ascii_uppercase()].map(|id| canonical(&id));
            for id in forms.iter().filter_map(|form| form.of(&id)).chain(others) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        ids
    }

    /// The only submission that a receipt with this id can be about, if there is one; its form then has a vote.
    /// Nobody can tell if two would do, or if one to the same receiver has no id yet.
    fn confirm(&mut self, id: &str, parties: [Option<&Party>; 2]) -> Option<String> {
        let parties = parties.map(|party| party.map(|party| self.hasher.hash_one(party)));
        if parties.iter().flatten().any(|party| self.in_doubt.contains_key(party)) {
            return None;
        }
        let mut candidates: Vec<(Form, String)> =
            FORMS.into_iter().filter_map(|form| Some((form, form.of(id)?))).collect();
        candidates.dedup_by(|next, one| next.1 == one.1);
        let tells_form = candidates.len() > 1;
        candidates.retain(|(_, id)| {
            let receiver = self.receivers.get(&self.hasher.hash_one(id));
            receiver.is_some_and(|receiver| parties.contains(&Some(*receiver)))
        });
        let [(form, id)] = candidates.as_slice() else { return None };
        if tells_form {
            self.votes[*form as usize] += 1;
            // A carrier may change its ways: old votes fade.
            if self.votes[*form as usize] > FADING {
                self.votes = self.votes.map(|votes| votes / 2);
            }
        }
        Some(id.clone())
    }

    fn agreed(&self) -> Option<Form> {
        let all: u32 = self.votes.iter().sum();
        FORMS.into_iter().find(|form| {
            let votes = self.votes[*form as usize];
            votes >= AGREEING && (all - votes) * OUTWEIGHED <= votes
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(index: u32) -> Party {
        format!("+4474001{index:05}").parse().unwrap()
    }

    fn told(id: &str) -> Vec<String> {
        vec![id.to_owned()]
    }

    #[test]
    fn one_id_has_one_stored_form() {
        for (id, stored) in [
            ("0000A1B2", "a1b2"),
            ("a1b2", "a1b2"),
            ("0xA1B2", "a1b2"),
            ("0000041394", "41394"),
            ("0", "0"),
            ("2C9D1C6E-4A33", "2c9d1c6e-4a33"),
            ("aB3xY", "aB3xY"),
            (" 12 ", "12"),
        ] {
            assert_eq!(canonical(id), stored);
        }
    }

    /// Whatever form a carrier has, the id of the submission is among those of its receipt.
    #[test]
    fn a_receipt_names_its_submission_in_every_form() {
        for (submitted, receipt) in [
            ("41394", "41394"),
            ("41394", "A1B2"),
            ("41394", "0000a1b2"),
            ("A1B2", "0000041394"),
            ("0000A1B2", "41394"),
            ("a1b2", "A1B2"),
            ("MSG-7Q", "msg-7q"),
            ("msg-7q", "MSG-7Q"),
            ("aB3xY", "aB3xY"),
            ("7AF3DE5B0000000012345678", "7af3de5b0000000012345678"),
        ] {
            let mut ids = Ids::new(MessageIds::Auto);
            let listed = ids.of_receipt(&told(receipt), [None, None]);
            assert!(listed.contains(&canonical(submitted)), "{submitted} in {listed:?}");
        }
    }

    #[test]
    fn a_form_that_many_receipts_agree_on_leaves_no_other() {
        let mut ids = Ids::new(MessageIds::Auto);
        for index in 0..AGREEING {
            let number = 5_000_000 + index;
            ids.accepted(&format!("{number:x}"), &party(index));
            assert_eq!(
                ids.of_receipt(&told(&number.to_string()), [Some(&party(index)), None]),
                [format!("{number:x}")]
            );
        }
        // Not ours: as itself it could be anybody's.
        assert_eq!(ids.of_receipt(&told("41394"), [None, None]), ["a1b2"]);
    }

    #[test]
    fn a_receipt_before_its_submission_teaches_nothing_wrong() {
        let mut ids = Ids::new(MessageIds::Auto);
        // Ids counted from one: 16 arrives first, and 10 (which is 0x10) was another text.
        ids.accepted("10", &party(1));
        for _ in 0..100 {
            let listed = ids.of_receipt(&told("16"), [Some(&party(2)), None]);
            assert_eq!(listed[0], "16");
        }
        // Nor if both are to one receiver.
        ids.leaves(&party(1));
        assert_eq!(ids.of_receipt(&told("16"), [Some(&party(1)), None])[0], "16");
        assert_eq!(ids.votes, [0; 3]);
        ids.answered(&party(1));
        assert!(ids.in_doubt.is_empty());
    }

    #[test]
    fn two_that_could_be_meant_are_both_named() {
        let mut ids = Ids::new(MessageIds::Auto);
        ids.accepted("16", &party(1));
        ids.accepted("10", &party(1));
        let listed = ids.of_receipt(&told("16"), [Some(&party(1)), None]);
        assert_eq!(listed, ["16", "22", "10"]);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut ids = Ids::new(MessageIds::Auto);
        for index in 0..REMEMBERED + 100 {
            ids.accepted(&index.to_string(), &party(1));
        }
        assert_eq!((ids.receivers.len(), ids.order.len()), (REMEMBERED, REMEMBERED));
    }

    #[test]
    fn a_setting_is_never_overruled() {
        let mut ids = Ids::new(MessageIds::ReceiptDecimal);
        assert_eq!(ids.of_receipt(&told("41394"), [None, None]), ["a1b2"]);
        let mut ids = Ids::new(MessageIds::Same);
        assert_eq!(ids.of_receipt(&told("0041394"), [None, None]), ["41394"]);
    }
}
