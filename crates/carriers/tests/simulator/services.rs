//! Services that send codes.

use convo_carriers::simulator::{CodeRequest, SimulationError, languages, services};
use convo_phone::Party;

use crate::{everywhere, stage::*};

everywhere!(
    async fn a_code_arrives_in_the_words_of_its_service_and_language(stage) {
        let (here, there) = (stage.buys("GB", "ana").await, stage.buys("US", "ana").await);
        let wants = |service: &str, language: &str, to, code: Option<&str>| CodeRequest {
            service: service.to_owned(),
            language: language.to_owned(),
            to,
            code: code.map(str::to_owned),
            key: None,
        };
        let code = stage.network.send_code(wants("google", "en", here, Some("482915"))).await.unwrap();
        assert_eq!(code, "482915");
        stage.advance(LATENCY);
        let came = inbound(&stage.takes(1).await);
        assert_eq!(text(&came), "G-482915 is your Google verification code.");
        assert_eq!(came[0].from, "Google".parse::<Party>().unwrap());

        let code = stage.network.send_code(wants("whatsapp", "ru", there, None)).await.unwrap();
        stage.advance(LATENCY);
        let came = inbound(&stage.takes(2).await);
        assert!(text(&came).contains(&format!("{}-{}", &code[..3], &code[3..])));
        assert!(matches!(&came[0].from, Party::ShortCode(_)));

        let keyed = || CodeRequest { key: Some(uuid::Uuid::from_u128(7)), ..wants("slack", "en", here, None) };
        let code = stage.network.send_code(keyed()).await.unwrap();
        assert_eq!(stage.network.send_code(keyed()).await.unwrap(), code);
        stage.advance(LATENCY);
        // Both are the same text for whoever takes them in.
        let came = inbound(&stage.takes(2).await);
        assert_eq!(came[0].id, came[1].id);

        let refused = stage.network.send_code(wants("nobody", "en", here, None)).await;
        assert!(matches!(refused, Err(SimulationError::Refused { code, .. }) if code == "unknown_service"));
        let refused = stage.network.send_code(wants("google", "xx", here, None)).await;
        assert!(matches!(refused, Err(SimulationError::Refused { code, .. }) if code == "unknown_language"));
        let refused = stage.network.send_code(wants("google", "en", number("+447700900555"), None)).await;
        assert_eq!(refused, Err(SimulationError::NotFound));
        let refused = stage.network.send_code(wants("google", "en", here, Some("12 34"))).await;
        assert!(matches!(refused, Err(SimulationError::Refused { code, .. }) if code == "bad_code"));
        assert!(services().len() >= 25 && languages().len() >= 20);
    }
);
