//! What a file is, told from its path: its crate, its module, its feature.
//! Never looks into the file.

use std::collections::BTreeSet;

/// The modules of the server that have a store of their own: `chat::messages` for `chat/messages/store.rs`.
pub type Features = BTreeSet<Vec<String>>;

pub fn features(files: &[(String, String)]) -> Features {
    let stores = files.iter().filter_map(|(name, _)| server_module(name));
    stores.filter_map(|module| feature_of_store(&module)).collect()
}

/// `a::b` if the module is `a::b::store` or below it.
pub fn feature_of_store(module: &[String]) -> Option<Vec<String>> {
    let store = module.iter().position(|segment| segment == "store")?;
    Some(module[..store].to_vec())
}

/// The module path of a file of the server: `crates/server/src/chat/messages/store.rs` is `chat::messages::store`.
pub fn server_module(name: &str) -> Option<Vec<String>> {
    let inner = name.strip_prefix("crates/server/src/")?.strip_suffix(".rs")?;
    let mut segments: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if matches!(segments.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        segments.pop();
    }
    Some(segments)
}

/// SQL lives in stores and in the small crates that are made for it.
pub fn may_hold_sql(name: &str) -> bool {
    let in_store = name.ends_with("/store.rs") || name.contains("/store/");
    let sql_crates = ["crates/db/", "crates/jobs/"];
    in_store || sql_crates.iter().any(|folder| name.starts_with(folder))
}

/// Text that a tool writes is as long as the tool likes.
pub fn is_generated(name: &str) -> bool {
    const GENERATED: &[&str] = &["web/src/api/schema.d.ts", "xtask/src/fuzz/requirements.txt"];
    GENERATED.contains(&name) || name.starts_with("web/src/locales/")
}
