//! The one error type: what was asked, what came back, and what to do next.
//!
//! Callers branch on [`Kind`], never on the text. No token, secret or message body may enter it.

use std::fmt;

/// What a caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The statement or a setting is wrong: change it.
    Usage,
    /// A sign-in is needed, or was refused.
    SignIn,
    /// Signed in, but not allowed.
    Denied,
    /// The service asked to wait for longer than all retries took.
    Throttled,
    /// No answer in time.
    Timeout,
    /// The user ended the statement.
    Interrupted,
    /// What a path names does not exist.
    NotFound,
    /// The service refused this request (400 and its kin).
    Refused,
    /// The network failed, or the service did.
    Unavailable,
    /// Some of several writes were done, others not.
    Partial,
    /// The answer is not what Graph sends.
    Malformed,
    /// A defect of ours.
    Internal,
}

impl Kind {
    /// The name in `o365_last_error()`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::SignIn => "sign_in",
            Self::Denied => "denied",
            Self::Throttled => "throttled",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::NotFound => "not_found",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::Partial => "partial",
            Self::Malformed => "malformed",
            Self::Internal => "internal",
        }
    }
}

/// An error that a user reads.
#[derive(Clone, Debug)]
pub struct Error {
    /// What a caller can do.
    pub kind: Kind,
    /// What was tried and what came back, without a full stop.
    pub sentence: String,
    /// What to do next, without a full stop.
    pub next: Option<String>,
    /// What Graph said, when it said something.
    pub fault: Option<Box<Fault>>,
    /// The table that was read.
    pub table: Option<&'static str>,
}

/// An error answer of Graph or of the identity platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// HTTP status.
    pub status: u16,
    /// The most specific error code (`ErrorItemNotFound`), empty when there was none.
    pub code: String,
    /// Graph's own sentence.
    pub message: String,
    /// Graph's `request-id`, for a support case.
    pub request_id: Option<String>,
}

/// What this crate's functions return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error without an answer of Graph.
    pub fn new(kind: Kind, sentence: impl Into<String>) -> Self {
        Self {
            kind,
            sentence: sentence.into(),
            next: None,
            fault: None,
            table: None,
        }
    }

    /// A wrong statement or setting.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self::new(Kind::Usage, sentence)
    }

    /// The same error with what to do next.
    #[must_use]
    pub fn next(mut self, step: impl Into<String>) -> Self {
        self.next = Some(step.into());
        self
    }

    /// The same error with what Graph said.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.fault = Some(Box::new(fault));
        self
    }

    /// The same error, naming the table that was read.
    #[must_use]
    pub fn on(mut self, table: &'static str) -> Self {
        self.table.get_or_insert(table);
        self
    }

    /// The HTTP status, when Graph answered.
    pub fn status(&self) -> Option<u16> {
        self.fault.as_ref().map(|fault| fault.status)
    }

    /// Graph's code, empty when it gave none.
    pub fn code(&self) -> &str {
        self.fault.as_ref().map_or("", |fault| &fault.code)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(table) = self.table {
            write!(f, "{table}: ")?;
        }
        f.write_str(&self.sentence)?;
        if let Some(fault) = &self.fault {
            write!(f, " (HTTP {}", fault.status)?;
            if !fault.code.is_empty() {
                write!(f, " {}", fault.code)?;
            }
            if let Some(id) = &fault.request_id {
                write!(f, ", request-id {id}")?;
            }
            f.write_str(")")?;
            if !fault.message.is_empty() {
                write!(f, ": {}", fault.message.trim_end_matches('.'))?;
            }
        }
        if let Some(next) = &self.next {
            write!(f, ". {next}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
