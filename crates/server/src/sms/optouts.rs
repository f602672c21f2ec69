//! Words by which people on the phone network ask not to be texted, to be texted again, or who is there.
//! It only reads: `inbound` obeys under the lock of the thread.

use std::{collections::HashMap, sync::LazyLock};

/// What a text asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Stop,
    Start,
    Help,
}

/// Whole texts, folded. The English ones are those that carriers obey themselves (CTIA, Messaging Principles and Best Practices, 5.1.3);
/// the others say the same in the languages that most people text in.
const STOP: &[&str] = &[
    "stop",
    "stopall",
    "stop all",
    "stop it",
    "stop this",
    "stop texts",
    "stop messages",
    "stop all texts",
    "stop all messages",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "opt out",
    "arret",
    "arreter",
    "arretez",
    "desabonner",
    "desinscrire",
    "desinscription",
    "stopp",
    "abmelden",
    "abbestellen",
    "alto",
    "baja",
    "parar",
    "pare",
    "cancelar",
    "detener",
    "basta",
    "fermare",
    "fermati",
    "disiscriviti",
    "annulla",
    "cancella",
    "sair",
    "descadastrar",
    "afmelden",
    "uitschrijven",
    "stoppen",
    "avsluta",
    "avregistrera",
    "sluta",
    "avslutt",
    "stans",
    "framelding",
    "afmeld",
    "lopeta",
    "peruuta",
    "koniec",
    "wypisz",
    "rezygnuje",
    "zrusit",
    "odhlasit",
    "konec",
    "leiratkozas",
    "leiratkozom",
    "dezabonare",
    "dezabonez",
    "iptal",
    "стоп",
    "отписаться",
    "отмена",
    "хватит",
    "відписатися",
    "зупинити",
    "скасувати",
    "διακοπη",
    "σταματα",
    "توقف",
    "الغاء",
    "إلغاء",
    "ايقاف",
    "إيقاف",
    "לעצור",
    "עצור",
    "הסר",
    "लغو",
    "رोकें",
    "रोकें",
    "बंद",
    "बंद करो",
    "বন্ধ",
    "থামুন",
    "หยุด",
    "ยกเลิก",
    "dừng",
    "hủy",
    "tu choi",
    "dung",
    "huy",
    "berhenti",
    "stop sms",
    "henti",
    "batal",
    "停止",
    "退订",
    "退訂",
    "取消",
    "td",
    "配信停止",
    "解除",
    "수신거부",
    "중지",
    "정지",
    "لغو",
    "توقف کن",
];
const START: &[&str] = &[
    "start",
    "unstop",
    "yes",
    "resume",
    "subscribe",
    "optin",
    "opt in",
    "commencer",
    "demarrer",
    "oui",
    "anmelden",
    "weiter",
    "comenzar",
    "empezar",
    "iniciar",
    "inizia",
    "comecar",
    "beginnen",
    "starten",
    "börja",
    "starta",
    "begynn",
    "aloita",
    "rozpocznij",
    "zacit",
    "basla",
    "старт",
    "начать",
    "почати",
    "εναρξη",
    "ابدأ",
    "ابدا",
    "התחל",
    "शुरू",
    "শুরু",
    "เริ่ม",
    "bắt đầu",
    "bat dau",
    "mulai",
    "mula",
    "开始",
    "開始",
    "訂閱",
    "시작",
    "شروع",
];
const HELP: &[&str] = &[
    "help",
    "info",
    "aide",
    "hilfe",
    "ayuda",
    "aiuto",
    "ajuda",
    "hulp",
    "hjalp",
    "hjelp",
    "apua",
    "pomoc",
    "segitseg",
    "ajutor",
    "yardim",
    "помощь",
    "допомога",
    "βοηθεια",
    "مساعدة",
    "עזרה",
    "मदद",
    "সাহায্য",
    "ช่วยเหลือ",
    "trợ giúp",
    "tro giup",
    "bantuan",
    "帮助",
    "幫助",
    "ヘルプ",
    "도움말",
    "کمک",
];
/// Said in the middle of a few words, these mean the same: nobody who was asked to stop should look for a loophole.
const STOP_PHRASES: &[&str] = &[
    "stop texting",
    "stop messaging",
    "stop sending",
    "stop contacting",
    "do not text",
    "dont text",
    "don t text",
    "do not contact",
    "dont contact",
    "don t contact",
    "no more texts",
    "no more messages",
    "take me off",
    "remove me",
    "leave me alone",
    "unsubscribe me",
    "opt me out",
    "please stop",
    "stop please",
    "pls stop",
    "stop now",
    "keine sms mehr",
    "bitte keine",
    "nicht mehr schreiben",
    "ne plus recevoir",
    "arretez de",
    "no mas mensajes",
    "no me escribas",
    "dejen de",
    "non scrivermi",
    "nao quero mais",
    "не пишите",
    "прекратите",
];
/// Longer texts are talk: a STOP in them is a matter for people.
const MAX_PHRASE_CHARS: usize = 60;

/// Exactly one of the words, whatever stands around it; or close to it.
pub fn word(text: &str) -> Option<Word> {
    if text.chars().nth(MAX_PHRASE_CHARS).is_some() {
        return None;
    }
    // Below it people sign, or their phone does.
    let first_line = text.trim_start().lines().next();
    if first_line.is_some_and(|line| WORDS.get(&fold(line)) == Some(&Word::Stop)) {
        return Some(Word::Stop);
    }
    let text = fold(text);
    if let Some(word) = WORDS.get(&text) {
        return Some(*word);
    }
    let padded = format!(" {text} ");
    let phrase = PHRASES.iter().any(|phrase| padded.contains(phrase));
    (phrase || is_stop_again_and_again(&text) || is_stop_mistyped(&text)).then_some(Word::Stop)
}

/// `STOP STOP`, and `STOP 12345`, as one answers to many senders.
fn is_stop_again_and_again(text: &str) -> bool {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    WORDS.get(first) == Some(&Word::Stop)
        && (rest.split(' ').all(|word| word == first)
            || first == "stop" && rest.split(' ').all(|word| word.chars().all(|c| c.is_ascii_digit())))
}

/// By what they are folded; what stands in two lists is a STOP first.
static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let lists = [(HELP, Word::Help), (START, Word::Start), (STOP, Word::Stop)];
    lists.into_iter().flat_map(|(list, word)| list.iter().map(move |text| (fold(text), word))).collect()
});
/// Folded, between spaces.
static PHRASES: LazyLock<Vec<String>> =
    LazyLock::new(|| STOP_PHRASES.iter().map(|phrase| format!(" {} ", fold(phrase))).collect());

/// Small letters without accents, signs and pictures; one space between words.
fn fold(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    let plain: String = text
        .nfkd()
        // Accents of our scripts only: vowel signs of Hindi, Bengali and Thai are letters of their words.
        .filter(|c| !is_combining_mark(*c) || !('\u{300}'..='\u{36f}').contains(c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() || is_combining_mark(c) { c } else { ' ' })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `STOOP`, `STPO`, `SOTP`, `STOPPP`, `S T O P`: no word of English, or what hasty thumbs make of one.
fn is_stop_mistyped(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| *c != ' ').collect();
    let mut squeezed: Vec<char> = letters.chars().collect();
    squeezed.dedup();
    let squeezed: String = squeezed.into_iter().collect();
    let spelled_out = letters == "stop" && text.split(' ').all(|word| word.chars().count() == 1);
    spelled_out
        || squeezed == "stop"
        || ["stpo", "sotp", "tsop", "stopo", "sstop", "stoip", "stiop"].contains(&letters.as_str())
}

/// What the phone hears, in the language of the word where we know it.
pub fn answer(word: Word, text: &str, label: &str) -> String {
    let from = if label.is_empty() { String::new() } else { format!("{label}: ") };
    let german = ["stopp", "abmelden", "abbestellen", "anmelden", "weiter", "hilfe"].contains(&fold(text).as_str());
    let sentence = match (word, german) {
        (Word::Stop, false) => "You will get no more messages from this number. Reply START to get them again.",
        (Word::Stop, true) => {
            "Sie erhalten keine Nachrichten mehr von dieser Nummer. Mit START erhalten Sie sie wieder."
        }
        (Word::Start, false) => "You will get messages from this number again. Reply STOP to end them.",
        (Word::Start, true) => "Sie erhalten wieder Nachrichten von dieser Nummer. Mit STOP beenden Sie das.",
        (Word::Help, false) => "People answer at this number. Reply STOP to get no more messages.",
        (Word::Help, true) => "An dieser Nummer antworten Menschen. Mit STOP erhalten Sie keine Nachrichten mehr.",
    };
    format!("{from}{sentence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_alone_is_obeyed_however_it_is_written() {
        for stop in [
            "STOP",
            "stop",
            " Stop. ",
            "STOP!!",
            "\"stop\"",
            "Stopp",
            "ARRÊT",
            "arret",
            "ALTO",
            "СТОП",
            "Отписаться",
            "停止",
            "退订",
            "수신거부",
            "توقف",
            "बंद",
            "หยุด",
            "Hủy",
            "İPTAL",
            "Stop 🛑",
            "S.T.O.P",
            "STOPP!",
            "STOOP",
            "stpo",
            "please stop",
            "Stop texting me",
            "don't text me again",
            "Do not contact me.",
            "Remove me from your list",
            "UNSUBSCRIBE",
            "opt-out",
            "Bitte keine SMS mehr",
            "STOP STOP",
            "stop stop stop!",
            "Stop it",
            "Stop all messages",
            "STOP 12345",
            "Arrêtez",
            "Stop.\nSent from my iPhone",
        ] {
            assert_eq!(word(stop), Some(Word::Stop), "{stop}");
        }
        for start in ["START", "unstop", "Yes", "СТАРТ", "開始"] {
            assert_eq!(word(start), Some(Word::Start), "{start}");
        }
        for help in ["HELP", "info", "Hilfe", "help?", "ПОМОЩЬ"] {
            assert_eq!(word(help), Some(Word::Help), "{help}");
        }
    }

    #[test]
    fn talk_is_no_word() {
        for talk in [
            "",
            " ",
            "!",
            "stop by tomorrow?",
            "The bus stop is closed",
            "I can't stop laughing",
            "full stop",
            "ok",
            "yes please, at 5",
            "start at 9?",
            "help me move on Sunday?",
            "Don't stop",
            "12345",
            "cancel the end",
            "cancel 4711",
            "haha stop it you",
            "Stop? No, go on\nyours, Ana",
            "the end",
            "shop",
            "step",
            "stamp",
            "atop",
            "red car",
            "no",
            "cancel my order 4711 please and send the other one, thank you so much",
        ] {
            assert_eq!(word(talk), None, "{talk}");
        }
    }

    #[test]
    fn answers_fit_one_segment() {
        for (word, text) in [
            (Word::Stop, "STOP"),
            (Word::Start, "START"),
            (Word::Help, "HELP"),
            (Word::Stop, "Abmelden"),
            (Word::Help, "Hilfe"),
        ] {
            assert_eq!(convo_phone::sms::split(&answer(word, text, "")).segments.len(), 1);
        }
    }
}
