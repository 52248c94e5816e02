//! Exit codes: a reviewed part of the surface.

use std::process::ExitCode;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All went well.
    Fine,
    /// An SQL error, or one of the service.
    Failed,
    /// Wrong arguments or settings.
    Usage,
    /// A sign-in is needed, or was refused.
    SignIn,
    /// Signed in, but not allowed.
    Denied,
    /// Throttled or timed out after all retries.
    Throttled,
    /// Some of several writes failed.
    Partial,
    /// Ended by Ctrl-C.
    Interrupted,
    /// What `.exit` was given.
    Asked(u8),
}

impl Exit {
    /// The code for an error of this kind, as `o365_last_error()` names it.
    pub fn of_kind(kind: &str) -> Self {
        match kind {
            "sign_in" => Self::SignIn,
            "denied" => Self::Denied,
            "throttled" | "timeout" => Self::Throttled,
            "partial" => Self::Partial,
            "interrupted" => Self::Interrupted,
            // A wrong statement is an SQL error; only arguments are "usage" here.
            _ => Self::Failed,
        }
    }
}

impl Exit {
    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::SignIn => 3,
            Self::Denied => 4,
            Self::Throttled => 5,
            Self::Partial => 6,
            Self::Interrupted => 130,
            Self::Asked(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// How far a piece of work got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Flow {
    /// To its end.
    Done,
    /// It failed and said so; a script may go on.
    Failed(Exit),
    /// The process is to end now.
    Leave(Exit),
}
