//! Compiles the SQLite amalgamation that libsqlite3-sys ships and links it statically.
//!
//! rusqlite is always built in `loadable_extension` mode here, which links no SQLite at all. Our own
//! programs (the command line and the tests) need one; the loadable library must not contain one. A
//! plain static library gives both: the linker takes it for programs that open connections and drops
//! it from the `.so`, whose entry points never reach it.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let source = amalgamation();
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", source.display());
    println!("cargo:rerun-if-changed=Cargo.lock");
    cc::Build::new()
        .file(&source)
        .warnings(false)
        .opt_level(2)
        .define("SQLITE_THREADSAFE", "1")
        .define("SQLITE_DEFAULT_FOREIGN_KEYS", "1")
        .define("SQLITE_ENABLE_API_ARMOR", None)
        .define("SQLITE_ENABLE_COLUMN_METADATA", None)
        .define("SQLITE_ENABLE_DBSTAT_VTAB", None)
        .define("SQLITE_ENABLE_FTS5", None)
        .define("SQLITE_ENABLE_MATH_FUNCTIONS", None)
        .define("SQLITE_ENABLE_RTREE", None)
        .define("SQLITE_SOUNDEX", None)
        .define("SQLITE_USE_URI", None)
        .define("HAVE_USLEEP", "1")
        .compile("office365_sqlite3");
}

/// The path of `sqlite3.c` inside the libsqlite3-sys package that this very build uses, so that the
/// library and the bindings cannot drift apart.
fn amalgamation() -> PathBuf {
    let env = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"));
    // Without the platform filter cargo would want the packages of every platform.
    let output = Command::new(env("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", &env("TARGET")])
        .args(["--manifest-path"])
        .arg(Path::new(&env("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .expect("cargo can be run");
    assert!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "libsqlite3-sys")
        .and_then(|package| package["manifest_path"].as_str())
        .expect("libsqlite3-sys is a dependency");
    Path::new(manifest)
        .with_file_name("sqlite3")
        .join("sqlite3.c")
}
