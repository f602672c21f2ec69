//! The keys that sign access tokens.

use std::time::Duration;

use convo_server::accounts::keys;
use serde_json::json;

both_dbs!(
    async fn a_rotation_interrupts_nobody(t: TestApp) {
        let ana = t.user("ana").await;
        keys::rotate(&t.app.db, &t.clock).await.unwrap();
        t.app.keys.reload(&t.app.db).await.unwrap();
        ana.get("/api/users/me").await.ok();
        let before = t.signs_in("ana").await;
        t.clock.advance(Duration::from_secs(21));
        let after = t.signs_in("ana").await;
        let key_of = |token: &str| token.split('.').next().unwrap().to_owned();
        assert_eq!(
            key_of(&ana.access_token),
            key_of(&before.access_token),
            "every node must know a key before it signs"
        );
        assert_ne!(key_of(&ana.access_token), key_of(&after.access_token));
        for device in [&ana, &before, &after] {
            device.get("/api/users/me").await.ok();
        }
        t.clock.advance(Duration::from_secs(15 * 60));
        t.post("/api/auth/refresh", json!({"refresh_token": ana.refresh_token})).await.ok();
    }
);
