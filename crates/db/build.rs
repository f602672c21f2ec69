//! A new migration makes this crate be built again.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
