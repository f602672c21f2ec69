//! The SQL of the whole project on both engines: every text can be prepared, and both schemas say the same.
//! Settings that durability depends on are read from live connections, never believed.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use convo_db::{Db, Settings};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, SqlSafeStr, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use syn::{Expr, ExprMethodCall, Lit, Signature, visit::Visit};

use crate::support::{Engine, Setup, TestApp, run};

/// One call of `sql`, with the text for each engine.
struct Found {
    place: String,
    sqlite: String,
    postgres: String,
}

impl Found {
    /// The simulated carrier has tables of its own.
    fn is_simulators(&self) -> bool {
        self.place.contains("carriers/src/simulator/")
    }
}

#[derive(Default)]
struct Finder {
    file: String,
    function: String,
    found: Vec<Found>,
    wrong: Vec<String>,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_signature(&mut self, signature: &'ast Signature) {
        self.function = signature.ident.to_string();
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "sql" {
            let place = format!("{} in {}", self.function, self.file);
            match texts(call) {
                Some((sqlite, postgres)) => self.found.push(Found { place, sqlite, postgres }),
                None => self
                    .wrong
                    .push(format!("{place}: write the SQL in place, as one text or as a pair (sqlite, postgres)")),
            }
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}

fn texts(call: &ExprMethodCall) -> Option<(String, String)> {
    let text = |expr: &Expr| match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    match call.args.first()? {
        Expr::Tuple(pair) if pair.elems.len() == 2 => Some((text(&pair.elems[0])?, text(&pair.elems[1])?)),
        both => Some((text(both)?, text(both)?)),
    }
}

fn all_sql() -> Vec<Found> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut finder = Finder::default();
    for entry in std::fs::read_dir(crates).unwrap() {
        visit_folder(&entry.unwrap().path().join("src"), crates, &mut finder);
    }
    assert!(finder.wrong.is_empty(), "{}", finder.wrong.join("\n"));
    assert!(finder.found.len() > 100, "only {} texts of SQL were found", finder.found.len());
    finder.found
}

fn visit_folder(folder: &Path, root: &Path, finder: &mut Finder) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            visit_folder(&path, root, finder);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            finder.file = path.strip_prefix(root).unwrap().display().to_string();
            finder.visit_file(&syn::parse_file(&std::fs::read_to_string(&path).unwrap()).unwrap());
        }
    }
}

fn url(t: &TestApp) -> String {
    t.app.config.database.url.as_ref().unwrap().expose().to_owned()
}

/// Row locks, which SQLite does not need: it has one writer. And the one write that is worth a text of its own. This list only shrinks.
const ONLY_ON_POSTGRES: [&str; 4] = [
    "try_lock in carriers/src/simulator/store/mod.rs",
    "lock_conversations_of in server/src/chat/members/store.rs",
    "lock in server/src/chat/messages/appender/store.rs",
    "append_at_once in server/src/chat/messages/appender/store.rs",
];
const ONLY_ON_SQLITE: [&str; 1] = ["append_in_steps in server/src/chat/messages/appender/store.rs"];

both_dbs!(
    async fn every_text_can_be_prepared(t: TestApp) {
        let mut wrong = vec![];
        if t.app.db.is_postgres() {
            let mut connection = url(&t).parse::<PgConnectOptions>().unwrap().connect().await.unwrap();
            for found in all_sql().into_iter().filter(|found| !ONLY_ON_SQLITE.contains(&found.place.as_str())) {
                let schema = if found.is_simulators() { "simulator" } else { "public" };
                connection.execute(AssertSqlSafe(format!("set search_path to {schema}"))).await.unwrap();
                if let Err(error) = connection.prepare(AssertSqlSafe(found.postgres).into_sql_str()).await {
                    wrong.push(format!("{}: {error}", found.place));
                }
            }
        } else {
            let mut convos = url(&t).parse::<SqliteConnectOptions>().unwrap().connect().await.unwrap();
            let simulators = url(&t).replace("convo.db", "simulator/simulator.db");
            let mut simulators = simulators.parse::<SqliteConnectOptions>().unwrap().connect().await.unwrap();
            for found in all_sql().into_iter().filter(|found| !ONLY_ON_POSTGRES.contains(&found.place.as_str())) {
                let connection = if found.is_simulators() { &mut simulators } else { &mut convos };
                if let Err(error) = connection.prepare(AssertSqlSafe(found.sqlite).into_sql_str()).await {
                    wrong.push(format!("{}: {error}", found.place));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
);

/// What SQLite reads from end to end on purpose. This list only shrinks.
const SCANS: &[&str] = &[
    // What the statement itself made, never a table.
    "list_awaited in server/src/sms/carriers/store.rs",
    "count_days in server/src/sms/usage/store.rs",
    "claim in server/src/sms/outbound/store.rs",
    "count_exempt in server/src/sms/outbound/store.rs",
    "count_unread in server/src/chat/conversations/store.rs",
    "list_before in server/src/chat/messages/store.rs",
    "list_after in server/src/chat/messages/store.rs",
    "list_changed in server/src/chat/messages/store.rs",
    // Few rows, or an index of the few that wait for something.
    "list_queues in server/src/overview/store.rs",
    "list_outbox in server/src/overview/store.rs",
    "list in server/src/sms/carriers/store.rs",
    "list_links in server/src/sms/carriers/store.rs",
    "list_queued_of_number in server/src/sms/outbound/store.rs",
    "count in server/src/sms/temporary/store.rs",
    "begin_release in server/src/sms/temporary/store.rs",
    "list_releasing in server/src/sms/temporary/store.rs",
    "list_shut_out in server/src/sms/verifications/store.rs",
    "list_newest_first in server/src/accounts/keys/store.rs",
    "list_open in server/src/accounts/invitations/store.rs",
    "count in jobs/src/store.rs",
    "list_failed in jobs/src/store.rs",
    // Now and then, in the background or by an administrator.
    "audit in server/src/billing/ledger/store.rs",
    "delete_expired in server/src/accounts/registration/store.rs",
    "delete_expired_tokens in server/src/accounts/registration/store.rs",
    "search in server/src/accounts/users/store.rs",
    "delete_older in server/src/accounts/mail/store.rs",
    "list_expired in server/src/accounts/sessions/store.rs",
    "delete_old_failures in server/src/accounts/sessions/store.rs",
];

/// Fine for a few rows, the end of a server with a million. PostgreSQL chooses by what the tables hold, so only SQLite can be asked.
#[test]
fn no_text_reads_a_table_from_end_to_end() {
    run(Engine::Sqlite, Setup::new(|_| {}), |t| async move {
        let mut convos = url(&t).parse::<SqliteConnectOptions>().unwrap().connect().await.unwrap();
        let (mut scans, mut met) = (vec![], BTreeSet::new());
        for found in all_sql() {
            if found.is_simulators() || ONLY_ON_POSTGRES.contains(&found.place.as_str()) {
                continue;
            }
            let explained = AssertSqlSafe(format!("explain query plan {}", found.sqlite)).into_sql_str();
            for row in convos.fetch_all(explained).await.unwrap() {
                let detail: String = sqlx::Row::get(&row, "detail");
                let is_read_whole =
                    detail.starts_with("SCAN ") && !detail.contains("VIRTUAL TABLE") && detail != "SCAN CONSTANT ROW";
                if !is_read_whole && !detail.contains("AUTOMATIC") {
                    continue;
                }
                match SCANS.iter().find(|place| **place == found.place) {
                    Some(place) => _ = met.insert(*place),
                    None => scans.push(format!("{}: {detail}", found.place)),
                }
            }
        }
        assert!(scans.is_empty(), "{}", scans.join("\n"));
        let gone: Vec<_> = SCANS.iter().filter(|place| !met.contains(*place)).collect();
        assert!(gone.is_empty(), "take these out of the list: {gone:?}");
    });
}

/// What an engine knows of a table: columns with kind and nullability, and unique keys.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    columns: BTreeMap<String, (String, bool)>,
    keys: BTreeSet<Vec<String>>,
}
type Schema = BTreeMap<String, Table>;

/// Where the engines differ on purpose; this list only shrinks.
fn same_on_purpose(sqlite: &mut Schema) {
    // SQLite's search index needs an integer key; nobody else uses it.
    let messages = sqlite.get_mut("messages").unwrap();
    assert_eq!(messages.columns.remove("id"), Some(("integer".to_owned(), true)));
    messages.columns.insert("id".to_owned(), ("bigint".to_owned(), false));
    messages.keys.remove(&vec!["id".to_owned()]);
}

#[test]
fn both_schemas_say_the_same() {
    let (send, receive) = std::sync::mpsc::channel();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let send = send.clone();
        run(engine, Setup::new(|_| {}), |t| async move { send.send(schema(&t).await).unwrap() });
    }
    let (mut sqlite, postgres) = (receive.recv().unwrap(), receive.recv().unwrap());
    same_on_purpose(&mut sqlite);
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    for (name, table) in &sqlite {
        assert_eq!(*table, postgres[name], "table {name}: SQLite, then PostgreSQL");
    }
}

async fn schema(t: &TestApp) -> Schema {
    let mut schema = Schema::new();
    let mut db = t.app.db.read();
    let (columns, keys) = if t.app.db.is_postgres() {
        let columns: Vec<(String, String, String, bool)> = db
            .sql(
                "select table_name::text, column_name::text, data_type::text, is_nullable = 'YES' from information_schema.columns
                  where table_schema = 'public' and table_name in (select tablename from pg_tables where schemaname = 'public')",
            )
            .all()
            .await
            .unwrap();
        let keys: Vec<(String, String)> = db
            .sql(
                "select c.relname::text, (select string_agg(a.attname::text, ',' order by k.place)
                         from unnest(i.indkey::int[]) with ordinality k(number, place) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number)
                   from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
                  where i.indisunique and n.nspname = 'public'",
            )
            .all()
            .await
            .unwrap();
        (columns, keys)
    } else {
        let columns: Vec<(String, String, String, bool)> = db
            .sql("select m.name, p.name, p.type, p.\"notnull\" = 0 from sqlite_master m join pragma_table_info(m.name) p where m.type = 'table'")
            .all()
            .await
            .unwrap();
        let keys: Vec<(String, String)> = db
            .sql(
                "select m.name, (select group_concat(name, ',') from (select i.name from pragma_index_info(l.name) i order by i.seqno))
                   from sqlite_master m join pragma_index_list(m.name) l where m.type = 'table' and l.\"unique\" = 1
                 union select m.name, (select group_concat(name, ',') from (select p.name from pragma_table_info(m.name) p where p.pk > 0 order by p.pk))
                   from sqlite_master m where m.type = 'table'",
            )
            .all()
            .await
            .unwrap();
        (columns, keys)
    };
    for (table, column, kind, is_null) in columns {
        schema.entry(table).or_default().columns.insert(column, (common(&kind), is_null));
    }
    for (table, key) in keys {
        schema.entry(table).or_default().keys.insert(key.split(',').map(str::to_owned).collect());
    }
    schema.retain(|table, _| !table.starts_with("_sqlx") && !table.starts_with("sqlite_"));
    schema
}

/// SQLite keeps UUIDs and bytes in one kind of column.
fn common(kind: &str) -> String {
    match kind.to_lowercase().as_str() {
        "uuid" | "bytea" => "blob".to_owned(),
        other => other.to_owned(),
    }
}

both_dbs!(
    async fn live_connections_lose_nothing_in_a_crash(t: TestApp) {
        let mut tx = t.app.db.begin().await.unwrap();
        if t.app.db.is_postgres() {
            for text in ["show fsync", "show synchronous_commit", "show full_page_writes"] {
                let (setting,): (String,) = tx.sql(text).one().await.unwrap();
                assert_eq!(setting, "on", "{text}");
            }
        } else {
            let (synchronous,): (i64,) = tx.sql("pragma synchronous").one().await.unwrap();
            let (journal,): (String,) = tx.sql("pragma journal_mode").one().await.unwrap();
            let (foreign_keys,): (i64,) = tx.sql("pragma foreign_keys").one().await.unwrap();
            assert_eq!((synchronous, journal.as_str(), foreign_keys), (2, "wal", 1));
            let (secure_delete,): (i64,) = tx.sql("pragma secure_delete").one().await.unwrap();
            assert_eq!(secure_delete, 1, "what was deleted is overwritten");
            // Readers cannot write by mistake.
            let mut read = t.app.db.read();
            assert!(read.sql("delete from users").run().await.is_err());
        }
    }
);

both_dbs!(
    async fn many_open_a_fresh_database_at_once(t: TestApp) {
        let url = fresh(&t).await;
        let opened = futures_util::future::join_all((0..6).map(|_| {
            let settings = Settings { url: url.clone(), max_connections: 2 };
            async move { Db::open(&settings).await }
        }))
        .await;
        for db in opened {
            let db = db.unwrap();
            let (users,): (i64,) = db.read().sql("select count(*) from users").one().await.unwrap();
            assert_eq!(users, 0);
            db.close().await;
        }
        if t.app.db.is_postgres() {
            convo_db::testing::drop_postgres(&url).await.unwrap();
        }
    }
);

/// A database in which nothing was migrated yet.
async fn fresh(t: &TestApp) -> String {
    if !t.app.db.is_postgres() {
        return url(t).replace("convo.db", "fresh.db");
    }
    let options: PgConnectOptions = url(t).parse().unwrap();
    let name = format!("convo_fresh_{}", uuid::Uuid::now_v7().simple());
    let mut admin = options.clone().database("postgres").connect().await.unwrap();
    admin.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
    admin.close().await.unwrap();
    options.database(&name).to_url_lossy().to_string()
}

both_dbs!(
    async fn names_sort_alike_on_both_engines(t: TestApp) {
        let names = ["zoe", "Zoe2", "zo-e", "zo.e", "zo_e", "ZOE1", "zo9", "zoa"];
        t.users(names).await;
        let found = t.admin().await.get("/api/users?search=zo").await.ok();
        let sorted: Vec<_> =
            found["users"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect();
        assert_eq!(sorted, ["zo-e", "zo.e", "zo9", "zo_e", "zoa", "zoe", "ZOE1", "Zoe2"]);
    }
);
