//! What nobody sane sends: every endpoint of the OpenAPI document answers it with a problem, and never with a failure of ours.
//! `cargo xtask fuzz` makes up more; here stands what once could go wrong, the same each time.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Reply, TestApp, TestUser, client_id};

/// Percent-encoded: U+0000, what is no UTF-8, what leaves its folder, numbers beyond every integer, ids of nothing.
const SEGMENTS: [&str; 8] = [
    "%00",
    "%ff%fe",
    "%2e%2e%2f",
    "-9223372036854775808",
    "99999999999999999999",
    "%F0%9F%91%8D%00",
    "usr_7zzzzzzzzzzzzzzzzzzzzzzzzz",
    "'%22;--",
];
const VALUES: [&str; 9] = [
    "",
    "%00",
    "%ff",
    "-1",
    "-9223372036854775808",
    "9223372036854775807",
    "1e400",
    "9999-12-31T23:59:59.999999Z",
    "-262143-01-01T00:00:00Z",
];
/// As they stand in the body.
const IN_JSON: [&str; 9] = [
    r#""\u0000""#,
    r#""\ud800""#,
    r#""""#,
    "-9223372036854775808",
    "9223372036854775807",
    "1e400",
    "[]",
    r#"{"a":{"b":[]}}"#,
    r#"["\u0000"]"#,
];
const DEEP: usize = 20_000;

struct Endpoint {
    method: Method,
    /// With real things in it.
    path: String,
    /// The same with the name of each parameter.
    template: String,
    queries: Vec<String>,
    /// The names in its JSON body; `None` if it takes none.
    body: Option<Vec<String>>,
}

/// What an administrator can reach, who owns a number, a handset, a group and a thread.
struct Scene {
    t: TestApp,
    ana: TestUser,
    wrong: Vec<String>,
}

impl Scene {
    async fn ask(&mut self, method: &Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Reply {
        // Ends the session that everything else needs.
        let who = match path {
            "/api/auth/logout" => &self.t.signs_in(&self.ana.username).await,
            _ => &self.ana,
        };
        let mut request = who.request(method.clone(), path).header("Idempotency-Key", client_id().to_string());
        let shown = body
            .as_ref()
            .map(|(kind, body)| (*kind, String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned()));
        if let Some((kind, body)) = body {
            // Where a body is refused before its end the connection is closed: nobody else may be on it.
            request = request.header("connection", "close").header("content-type", kind).body(body);
        }
        let mut answer = request.try_clone().unwrap().send().await;
        for _ in 0..4 {
            // Who is still writing when the refusal comes may lose it with the connection, as any client of HTTP.
            if answer.is_err() {
                answer = request.try_clone().unwrap().send().await;
            }
        }
        let reply = Reply::read(answer.unwrap()).await;
        self.judge(&format!("{method} {path} {shown:?}"), method, &reply);
        reply
    }

    fn judge(&mut self, asked: &str, method: &Method, reply: &Reply) {
        let status = reply.status.as_u16();
        let is_problem = reply.header("content-type") == Some("application/problem+json")
            && (method == Method::HEAD || (reply.json["status"] == status && reply.json["code"].is_string()));
        if status >= 500 || (status >= 400 && !is_problem) {
            self.wrong.push(format!("{asked}: {status} {}", String::from_utf8_lossy(&reply.bytes)));
        }
    }
}

/// From the document, so that an endpoint that is added is asked too.
fn endpoints(things: &[(&str, &str)]) -> Vec<Endpoint> {
    let document: Value = serde_json::from_str(&convo_server::router::openapi()).unwrap();
    let mut endpoints = vec![];
    for (template, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let names = |place: &str| -> Vec<String> {
                let here = parameters.iter().filter(|parameter| parameter["in"] == place);
                here.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
            };
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let schema = match schema["$ref"].as_str() {
                Some(name) => document.pointer(name.trim_start_matches('#')).unwrap(),
                None => schema,
            };
            let body = operation["requestBody"]["content"]
                .get("application/json")
                .map(|_| schema["properties"].as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default());
            let mut path = template.clone();
            for name in names("path") {
                path = path.replace(&format!("{{{name}}}"), thing(things, template, &name));
            }
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            endpoints.push(Endpoint { method, path, template: template.clone(), queries: names("query"), body });
        }
    }
    endpoints
}

fn thing<'a>(things: &[(&str, &'a str)], template: &str, name: &str) -> &'a str {
    let named = things.iter().find(|(of, _)| *of == name || (name == "id" && template.contains(of)));
    named.map_or("nothing_00000000000000000000000000", |(_, value)| value)
}

/// Every leaf of a cursor, each as something that no list ends with. Some cursors are ids as they are.
fn twisted(cursor: &str) -> Vec<String> {
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
    let Ok(place) = serde_json::from_slice::<Value>(&decoded) else {
        return VALUES.iter().chain(&SEGMENTS).map(|odd| (*odd).to_owned()).collect();
    };
    let mut leaves = vec![];
    list_leaves(&place, String::new(), &mut leaves);
    let mut cursors = vec![];
    for leaf in leaves {
        for odd in
            [json!(i64::MIN), json!(i64::MAX), json!(-1), json!("\0"), json!("'"), json!(""), json!(null), json!([])]
        {
            let mut place = place.clone();
            *place.pointer_mut(&leaf).unwrap() = odd;
            cursors.push(BASE64_URL_SAFE_NO_PAD.encode(place.to_string()));
        }
    }
    cursors
}

fn list_leaves(value: &Value, place: String, leaves: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| list_leaves(item, format!("{place}/{index}"), leaves));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| list_leaves(field, format!("{place}/{name}"), leaves));
        }
        _ => leaves.push(place),
    }
}

async fn set(t: TestApp) -> (Scene, Vec<Endpoint>) {
    let ana = t.admin().await;
    let [ben, cleo] = t.users(["ben", "cleo"]).await;
    let line = ana.buys_a_number("US").await;
    ana.buys_a_number("US").await;
    let handset = ana.has_a_handset("US").await;
    let thread = ana.begins_thread(&line, &handset.number).await;
    let group = ana.creates_group("Team", &[&ben, &cleo]).await;
    for conversation in [&thread, &group] {
        for body in ["one", "two", "three"] {
            ana.sends(conversation, body).await;
        }
    }
    let things = [
        ("/conversations/", group.as_str()),
        ("/numbers/", line.id.as_str()),
        ("/handsets/", handset.id.as_str()),
        ("/users/", ben.id.as_str()),
        ("user_id", cleo.id.as_str()),
        ("mode", "test"),
        ("country", "US"),
        ("seq", "1"),
        ("emoji", "%F0%9F%91%8D"),
    ];
    let endpoints = endpoints(&things);
    (Scene { t, ana, wrong: vec![] }, endpoints)
}

both_dbs!(
    async fn odd_paths_and_queries_are_refused_or_harmless(t: TestApp) {
        let (mut scene, endpoints) = set(t).await;
        for Endpoint { method, path, template, queries, .. } in &endpoints {
            // What would remove real things is asked for what is not there.
            let holes = template.matches('{').count();
            for hole in 0..holes {
                for odd in SEGMENTS {
                    let odd_path = with_segment(template, path, hole, odd);
                    scene.ask(method, &odd_path, None).await;
                }
            }
            if *method == Method::GET {
                for name in queries {
                    for odd in VALUES {
                        scene.ask(method, &format!("{path}?{name}={odd}"), None).await;
                    }
                    scene.ask(method, &format!("{path}?{name}=1&{name}=2&{name}[]=3&&=&%=%"), None).await;
                }
                scene.ask(method, &format!("{path}?{}", "a".repeat(7_000)), None).await;
            }
        }
        assert!(scene.wrong.is_empty(), "{}", scene.wrong.join("\n"));
    }
);

/// The path with one of its parameters written otherwise.
fn with_segment(template: &str, path: &str, hole: usize, odd: &str) -> String {
    let mut seen = 0;
    let segments = template.split('/').zip(path.split('/')).map(|(name, real)| {
        let is_hole = name.starts_with('{');
        seen += usize::from(is_hole);
        if is_hole && seen == hole + 1 { odd } else { real }
    });
    segments.collect::<Vec<_>>().join("/")
}

both_dbs!(
    async fn odd_bodies_are_refused(t: TestApp) {
        let (mut scene, endpoints) = set(t).await;
        let (deep, wide) =
            (format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP)), format!("\"{}\"", "x".repeat(250_000)));
        let deeper = format!("{}1{}", "{\"a\":".repeat(DEEP), "}".repeat(DEEP));
        for Endpoint { method, path, body, .. } in &endpoints {
            // Whatever is asked of the avatar has no JSON, and no names.
            let names = body.as_deref().unwrap_or_default();
            let whole = ["", "{", "null", "[]", "{}", "\u{feff}{}", "\"x\"", "1e400", &deep, &deeper, &wide];
            if body.is_some() {
                for odd in whole {
                    scene.ask(method, path, Some(("application/json", odd.as_bytes().to_vec()))).await;
                }
                scene.ask(method, path, Some(("application/json", b"{\"a\":\"\xff\"}".to_vec()))).await;
                for kind in
                    ["text/plain", "application/xml", "application/json; charset=utf-16", "multipart/form-data", "x"]
                {
                    scene.ask(method, path, Some((kind, b"{}".to_vec()))).await;
                }
            }
            for name in names {
                for odd in IN_JSON {
                    // All others as they may be, so that this one is looked at.
                    let fields = names.iter().map(|other| {
                        let value = if other == name { odd.to_owned() } else { usual(other) };
                        format!("\"{other}\":{value}")
                    });
                    let body = format!("{{{}}}", fields.collect::<Vec<_>>().join(","));
                    scene.ask(method, path, Some(("application/json", body.into_bytes()))).await;
                }
            }
        }
        assert!(scene.wrong.is_empty(), "{}", scene.wrong.join("\n"));
    }
);

/// Of its kind, but of nobody's things; the account that asks stays as it is.
fn usual(name: &str) -> String {
    match name {
        "amount_micros"
        | "max_price_micros"
        | "credit_limit_micros"
        | "due_in_ms"
        | "delivered_seq"
        | "read_seq"
        | "reply_to_seq"
        | "max_uses"
        | "expires_in_secs"
        | "latency_ms"
        | "loss_percent" => "1".to_owned(),
        "client_id" => format!("\"{}\"", client_id()),
        "kind" => "\"group\"".to_owned(),
        "role" => "\"member\"".to_owned(),
        "to" | "number" => "\"+447700900900\"".to_owned(),
        "country" => "\"US\"".to_owned(),
        "participant_ids" | "user_ids" => "[]".to_owned(),
        "number_id" | "muted_until" => "null".to_owned(),
        name if name.starts_with("is_")
            || [
                "archived",
                "pinned",
                "marked_unread",
                "show_past",
                "airplane",
                "note",
                "cookie",
                "auto_renew",
                "cancelled",
            ]
            .contains(&name) =>
        {
            "false".to_owned()
        }
        _ => "\"something usual\"".to_owned(),
    }
}

both_dbs!(
    async fn odd_methods_and_headers_are_refused(t: TestApp) {
        let (mut scene, endpoints) = set(t).await;
        for Endpoint { path, .. } in &endpoints {
            for method in ["HEAD", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "x"] {
                scene.ask(&Method::from_bytes(method.as_bytes()).unwrap(), path, None).await;
            }
        }
        let long = "x".repeat(8_000);
        for (name, value) in [
            ("authorization", &b"Bearer"[..]),
            ("authorization", b"Bearer \xff\xfe"),
            ("authorization", b"Bearer a.b.c"),
            ("authorization", b"Basic YTpi"),
            ("authorization", long.as_bytes()),
            ("idempotency-key", b"\xff"),
            ("idempotency-key", long.as_bytes()),
            ("cookie", b"convo_refresh=\xff; =; convo_refresh"),
            ("origin", b"\xff"),
            ("accept", b"nothing/at-all;q=x"),
            ("accept-encoding", b"x, *;q=9"),
            ("range", b"bytes=9-1"),
            ("if-none-match", b"\xff"),
            ("user-agent", b"\xff\xfe"),
            ("x-request-id", b"\xff"),
            ("x-forwarded-for", b"\xff, 1.2.3"),
            ("content-length", b"0"),
            ("expect", b"something"),
        ] {
            let value = reqwest::header::HeaderValue::from_bytes(value).unwrap();
            for (method, path) in [
                (Method::GET, "/api/users/me"),
                (Method::POST, "/api/auth/refresh"),
                (Method::POST, "/api/wallets/test/top-ups"),
                (Method::POST, "/api/handsets"),
                (Method::GET, "/health"),
                (Method::GET, "/"),
            ] {
                let mut request = scene.ana.request(method.clone(), path).build().unwrap();
                request.headers_mut().insert(name, value.clone());
                let reply = Reply::read(scene.t.http.execute(request).await.unwrap()).await;
                scene.judge(&format!("{method} {path} {name}: {value:?}"), &method, &reply);
            }
        }
        assert!(scene.wrong.is_empty(), "{}", scene.wrong.join("\n"));
    }
);

both_dbs!(
    async fn twisted_cursors_are_refused_or_end_the_list(t: TestApp) {
        let (mut scene, endpoints) = set(t).await;
        let mut followed = vec![];
        for Endpoint { method, path, template, queries, .. } in &endpoints {
            if !queries.iter().any(|name| name == "cursor") {
                continue;
            }
            let limit = match () {
                () if queries.iter().any(|name| name == "limit") => "limit=1",
                () if queries.iter().any(|name| name == "format") => "format=json",
                () => "",
            };
            let page = scene.ask(method, &format!("{path}?{limit}"), None).await.ok();
            let mut cursors: Vec<_> = ["null", "[]", "{}", "1", "\"\\u0000\"", "[[[[]]]]"]
                .map(|place| BASE64_URL_SAFE_NO_PAD.encode(place))
                .into();
            if let Some(cursor) = page["next_cursor"].as_str() {
                cursors.extend(twisted(cursor));
                followed.push(template.clone());
            }
            for cursor in cursors {
                scene.ask(method, &format!("{path}?{limit}&cursor={cursor}"), None).await;
            }
        }
        assert!(scene.wrong.is_empty(), "{}", scene.wrong.join("\n"));
        assert!(followed.len() >= 6, "lists with a second page: {followed:?}");
    }
);
