//! Where data goes: standard output, or what `.output` and `.once` chose.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use super::progress;

/// The destination of results.
pub struct Output {
    sink: Sink,
    /// What `.show` calls it.
    name: String,
    /// Back to standard output after the next statements.
    once: bool,
    terminal: bool,
    flushed: Instant,
}

enum Sink {
    Stdout(BufWriter<Stdout>),
    File(BufWriter<File>),
    /// A shell command; its standard input is closed before it is waited for.
    Pipe(Option<BufWriter<ChildStdin>>, Child),
}

impl Output {
    /// Standard output.
    pub fn stdout() -> Self {
        Self {
            sink: Sink::Stdout(BufWriter::with_capacity(1 << 16, io::stdout())),
            name: "stdout".to_owned(),
            once: false,
            terminal: io::stdout().is_terminal(),
            flushed: Instant::now(),
        }
    }

    /// From now on, or for the next statement only, into a file or a `|command`.
    ///
    /// # Errors
    /// When it cannot be opened, or what was written so far cannot be flushed.
    pub fn redirect(&mut self, target: &str, once: bool) -> io::Result<()> {
        self.reset()?;
        self.sink = match target.strip_prefix('|') {
            Some(command) => piped(command)?,
            None => Sink::File(BufWriter::with_capacity(1 << 16, File::create(target)?)),
        };
        target.clone_into(&mut self.name);
        self.once = once;
        self.terminal = false;
        Ok(())
    }

    /// Back to standard output.
    ///
    /// # Errors
    /// When what was written so far cannot be flushed.
    pub fn reset(&mut self) -> io::Result<()> {
        let flushed = self.flush();
        let before = std::mem::replace(self, Self::stdout());
        if let Sink::Pipe(input, mut child) = before.sink {
            drop(input);
            child.wait()?;
        }
        flushed
    }

    /// The statements that belong together have ended: what `.once` asked for is done.
    ///
    /// # Errors
    /// When what was written so far cannot be flushed.
    pub fn text_ended(&mut self) -> io::Result<()> {
        if self.once {
            self.reset()
        } else {
            self.flush()
        }
    }

    /// Lets a reader see the rows of a slow statement, without a system call per row unless a person
    /// looks.
    ///
    /// # Errors
    /// When what was written so far cannot be flushed.
    pub fn row_ended(&mut self) -> io::Result<()> {
        let due = self.flushed.elapsed() >= Duration::from_millis(100);
        if due || self.terminal {
            self.flush()?;
        }
        Ok(())
    }

    /// What `.show` calls the destination.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Results go to a terminal.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.terminal {
            progress::clear();
        }
        match &mut self.sink {
            Sink::Stdout(sink) => sink.write(bytes),
            Sink::File(sink) => sink.write(bytes),
            Sink::Pipe(Some(sink), _) => sink.write(bytes),
            Sink::Pipe(None, _) => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed = Instant::now();
        match &mut self.sink {
            Sink::Stdout(sink) => sink.flush(),
            Sink::File(sink) => sink.flush(),
            Sink::Pipe(Some(sink), _) => sink.flush(),
            Sink::Pipe(None, _) => Ok(()),
        }
    }
}

fn piped(command: &str) -> io::Result<Sink> {
    let mut shell = if cfg!(windows) {
        let mut shell = Command::new("cmd");
        shell.arg("/C");
        shell
    } else {
        let mut shell = Command::new("sh");
        shell.arg("-c");
        shell
    };
    let mut child = shell.arg(command).stdin(Stdio::piped()).spawn()?;
    let input = child.stdin.take().map(BufWriter::new);
    Ok(Sink::Pipe(input, child))
}
