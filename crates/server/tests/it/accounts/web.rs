//! Pages, the API document, health, and what every answer carries.

use serde_json::json;

both_dbs!(
    async fn every_address_outside_the_api_is_the_clients(t: TestApp) {
        for path in ["/", "/c/conv_x", "/setup"] {
            let reply = t.get(path).await;
            assert_eq!(reply.status.as_u16(), 200);
            assert!(reply.header("content-type").unwrap().starts_with("text/html"));
            let policy = reply.header("content-security-policy").unwrap();
            assert!(policy.contains("require-trusted-types-for 'script'") && !policy.contains("unsafe"), "{policy}");
        }
        t.get("/api/nothing").await.problem(404, "not_found");
        t.get("/assets/gone-123.js").await.problem(404, "not_found");
        t.post("/c/x", json!({})).await.problem(405, "method_not_allowed");
        t.post("/api/users/me", json!({})).await.problem(405, "method_not_allowed");
        let unknown = t.http.get(t.at("/")).header("host", "evil.example");
        t.send(unknown).await.problem(403, "unknown_host");
    }
);

both_dbs!(
    async fn the_api_describes_itself(t: TestApp) {
        let document = t.get("/api/openapi.json").await.ok();
        assert_eq!(document["openapi"], json!("3.1.0"));
        assert_eq!(document["paths"]["/api/auth/login"]["post"]["operationId"], json!("login"));
        assert_eq!(document, serde_json::from_str::<serde_json::Value>(&convo_server::router::openapi()).unwrap());
        let page = t.get("/docs/").await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(page.header("content-security-policy").unwrap().contains("script-src 'self';"));
        assert!(!String::from_utf8_lossy(&page.bytes).contains("<script>"), "the reference needs no inline script");
        assert!(
            String::from_utf8_lossy(&t.get("/docs/swagger-initializer.js").await.bytes).contains("/api/openapi.json")
        );
        t.get("/docs/nothing").await.problem(404, "not_found");
    }
);

both_dbs!(
    async fn health_is_public(t: TestApp) {
        assert_eq!(t.get("/health").await.ok()["status"], json!("ok"));
        t.get("/health/live").await.no_content();
        t.get("/health/ready").await.no_content();
    }
);
