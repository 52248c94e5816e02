//! Finding the programs that host SQLite, and running them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Far above what any check takes; a host that hangs must not hang the tests.
const LIMIT: Duration = Duration::from_secs(120);

/// Debian's own Python: those of version managers are often built without loadable extensions.
pub const PYTHON: &str = "/usr/bin/python3";

/// The library that `cargo test` built beside this very test, or the one that `OFFICE365_LIBRARY` names
/// (`.ci/run` tries the release build in the same hosts).
pub fn library() -> PathBuf {
    if let Some(path) = std::env::var_os("OFFICE365_LIBRARY") {
        return PathBuf::from(path);
    }
    let test = std::env::current_exe().expect("the test knows its own path");
    let name = format!(
        "{}office365{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let path = test.with_file_name(name);
    assert!(path.is_file(), "{} is not there", path.display());
    path
}

/// The library's path as text.
pub fn library_text() -> String {
    library().to_str().expect("a path in UTF-8").to_owned()
}

/// A folder of this test suite's own for files that a check writes.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).expect("a folder under target/tmp");
    path
}

/// A missing host is said; with `OFFICE365_HOSTS=required`, as in `.ci/run`, it is a failure.
pub fn missing(what: &str) {
    let sentence =
        format!("{what} is not on this machine: tests/hosts/prepare.sh and .ci/run install it");
    if std::env::var("OFFICE365_HOSTS").as_deref() == Ok("required") {
        panic!("{sentence}");
    }
    eprintln!("skipped: {sentence}");
}

/// A program that is found in PATH, or `None` after saying that it is missing.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file());
    if found.is_none() {
        missing(name);
    }
    found
}

/// A program in an environment that holds nothing of this machine's accounts and settings.
pub fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a host left behind.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    /// The output of a host that ended well.
    #[track_caller]
    pub fn output(&self) -> &str {
        assert!(self.status.success(), "{self:#?}");
        &self.stdout
    }
}

/// Waits for a host; kills it after two minutes.
pub fn finish(mut child: Child) -> Finished {
    let started = Instant::now();
    loop {
        if child.try_wait().expect("a child can be asked").is_some() {
            break;
        }
        if started.elapsed() > LIMIT {
            // The status then says that it was killed, and the check fails with all it printed.
            let _ = child.kill();
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    // No check prints as much as a pipe holds, so nothing was stuck before.
    let output = child.wait_with_output().expect("the child's output");
    Finished {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Finished {
    finish(command.spawn().expect("the host starts"))
}

/// Runs a command that reads `input`.
pub fn run_with_input(command: &mut Command, input: &str) -> Finished {
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .expect("the host starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(input.as_bytes()).expect("the host reads");
    drop(pipe);
    finish(child)
}

/// Python with one of its SQLites.
#[derive(Clone, Copy)]
pub struct Python {
    /// The module that `checks.py` imports.
    pub driver: &'static str,
    /// The SQLite inside.
    pub sqlite: &'static str,
    /// Its folder under that of `prepare.sh`: a package, or an old library.
    folder: Option<&'static str>,
}

/// Debian's `sqlite3` module with Debian's SQLite, the reference of all.
pub const REFERENCE: Python = Python {
    driver: "sqlite3",
    sqlite: "3.40.1",
    folder: None,
};

/// The oldest SQLite that is served, under the same module.
pub const OLDEST: Python = Python {
    driver: "sqlite3",
    sqlite: "3.38.2",
    folder: Some("sqlite-3.38.2"),
};

/// An SQLite that is too old.
pub const TOO_OLD: Python = Python {
    driver: "sqlite3",
    sqlite: "3.37.0",
    folder: Some("sqlite-3.37.0"),
};

/// A newer SQLite behind the same interface.
pub const PYSQLITE3: Python = Python {
    driver: "pysqlite3.dbapi2",
    sqlite: "3.51.1",
    folder: Some("pysqlite3-3.51.1"),
};

/// The SQLite that our own programs are built with.
pub const NEWEST: Python = Python {
    driver: "apsw",
    sqlite: "3.54.1",
    folder: Some("apsw-3.54.1"),
};

/// Every Python host that the library serves. The versions lie on both sides of each change in the
/// host's table of functions (3.39, 3.40, 3.41, 3.43, 3.44).
pub const PYTHONS: [Python; 6] = [
    OLDEST,
    Python {
        driver: "apsw",
        sqlite: "3.39.4",
        folder: Some("apsw-3.39.4"),
    },
    REFERENCE,
    Python {
        driver: "apsw",
        sqlite: "3.46.1",
        folder: Some("apsw-3.46.1"),
    },
    PYSQLITE3,
    NEWEST,
];

impl Python {
    /// True when it is on this machine; a missing one is said.
    pub fn present(self) -> bool {
        let present = Path::new(PYTHON).is_file()
            && self
                .folder
                .is_none_or(|folder| prepared().join(folder).join(".complete").is_file());
        if !present {
            missing(&format!(
                "Python's {} with SQLite {}",
                self.driver, self.sqlite
            ));
        }
        present
    }

    /// The interpreter, which reads its program from standard input unless it is given one.
    pub fn python(self) -> Command {
        let mut command = command(Path::new(PYTHON));
        if let Some(folder) = self.folder {
            // An old library and a package are never in one folder.
            command.env("LD_LIBRARY_PATH", prepared().join(folder));
            command.env("PYTHONPATH", prepared().join(folder));
        }
        command.arg("-B");
        command
    }

    /// `checks.py` with this host, not yet started.
    pub fn check(self, check: &str, arguments: &[&str]) -> Command {
        let mut command = self.python();
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/checks.py"))
            .args([self.driver, &library_text(), check])
            .args(arguments);
        command
    }
}

/// Where `prepare.sh` put the hosts.
pub fn prepared() -> PathBuf {
    match std::env::var_os("OFFICE365_HOSTS_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_TARGET_TMPDIR")).join("hosts"),
    }
}

/// Node with better-sqlite3.
pub fn node() -> Option<Command> {
    let node = program("node")?;
    let module = prepared().join("better-sqlite3-12.11.1");
    if !module.join(".complete").is_file() {
        missing("better-sqlite3 in Node");
        return None;
    }
    let mut command = command(&node);
    command.env("NODE_PATH", module.join("node_modules"));
    Some(command)
}

/// A Python package that `prepare.sh` installed: its folder.
pub fn package(name: &str) -> Option<PathBuf> {
    let folder = prepared().join(name);
    if !Path::new(PYTHON).is_file() || !folder.join(".complete").is_file() {
        missing(&format!("Python's {name}"));
        return None;
    }
    Some(folder)
}

/// Python with Spark, DuckDB and pyarrow, and our own program in its `PATH`; Spark listens on the loopback interface
/// alone.
pub fn spark() -> Option<Command> {
    let packages = ["pyspark-4.3.0", "duckdb-1.5.5", "pyarrow-26.0.1"].map(package);
    program("java")?;
    let packages: Option<Vec<PathBuf>> = packages.into_iter().collect();
    let own = Path::new(env!("CARGO_BIN_EXE_office365"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![own.parent().expect("a folder").to_owned()];
    folders.extend(std::env::split_paths(&path));
    let mut command = command(Path::new(PYTHON));
    command
        .env("PATH", std::env::join_paths(folders).expect("folders"))
        .env(
            "PYTHONPATH",
            std::env::join_paths(packages?).expect("folders"),
        )
        .env("SPARK_LOCAL_IP", "127.0.0.1")
        .arg("-B");
    Some(command)
}

/// Java with Debian's package of xerial's JDBC driver, in a time zone.
pub fn java(zone: &str) -> Option<Command> {
    const DRIVER: &str = "/usr/share/java/sqlite-jdbc.jar";
    let java = program("java")?;
    if !Path::new(DRIVER).is_file() {
        missing("xerial's JDBC driver (libxerial-sqlite-jdbc-java)");
        return None;
    }
    let mut command = command(&java);
    command
        .arg(format!("-Duser.timezone={zone}"))
        .args(["-cp", DRIVER]);
    Some(command)
}

/// True when unixODBC knows the driver `SQLite3`; a missing one is said.
pub fn odbc_driver() -> bool {
    let drivers = std::fs::read_to_string("/etc/odbcinst.ini").unwrap_or_default();
    let present = drivers.contains("[SQLite3]");
    if !present {
        missing("the ODBC driver SQLite3 (libsqliteodbc)");
    }
    present
}
