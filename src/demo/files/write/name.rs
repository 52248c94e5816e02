//! Names of items: which are allowed, and what happens when one is taken.

use super::refuse;
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::world::drives::Drive;

/// The annotation that says what happens when a name is taken.
pub const BEHAVIOR: &str = "@microsoft.graph.conflictBehavior";

/// What happens when a name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// 409
    Fail,
    /// The old content goes.
    Replace,
    /// The new item gets another name.
    Rename,
}

impl Conflict {
    /// What a request says, in its URL or in its body.
    pub fn of(call: &Call, body: Option<&serde_json::Value>) -> Answer<Option<Conflict>> {
        let said = match body.and_then(|body| body.get(BEHAVIOR)) {
            Some(said) => said.as_str().ok_or_else(|| unknown(&said.to_string()))?,
            None => match call.query.plain(BEHAVIOR) {
                Some(said) => said,
                None => return Ok(None),
            },
        };
        Conflict::named(said).map(Some).ok_or_else(|| unknown(said))
    }

    /// By its name, without regard to case: both are seen in the wild.
    pub fn named(text: &str) -> Option<Conflict> {
        match text.to_ascii_lowercase().as_str() {
            "fail" => Some(Conflict::Fail),
            "replace" => Some(Conflict::Replace),
            "rename" => Some(Conflict::Rename),
            _ => None,
        }
    }

    /// The name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Conflict::Fail => "fail",
            Conflict::Replace => "replace",
            Conflict::Rename => "rename",
        }
    }
}

fn unknown(said: &str) -> Fault {
    refuse(format!(
        "Unknown conflict behavior {said}: use fail, replace or rename."
    ))
}

/// 409
pub fn taken() -> Fault {
    Fault::new(
        409,
        "nameAlreadyExists",
        "The specified item name already exists.",
    )
}

/// Reserved in names: FACTS 1.6, and the quote, which SharePoint refuses as well (K).
const RESERVED: &str = "/\\*<>?:|\"";
/// Names that SharePoint keeps for itself (K).
const DEVICES: [&str; 7] = [".lock", "con", "prn", "aux", "nul", "_vti_", "desktop.ini"];
const LONGEST: usize = 255;

/// 400 for what is no name.
pub fn check(name: &str) -> Answer<()> {
    let lower = name.to_lowercase();
    let port = |kind: &str| {
        let number = lower.strip_prefix(kind);
        number.is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit())
    };
    let strange = |letter: char| RESERVED.contains(letter) || letter.is_control();
    let bad = name.is_empty()
        || name.chars().count() > LONGEST
        || name.contains(strange)
        || name.trim() != name
        || name.ends_with('.')
        || name.starts_with("~$")
        || lower.contains("_vti_")
        || DEVICES.contains(&lower.as_str())
        || port("com")
        || port("lpt");
    if bad {
        return Err(refuse(
            "The provided name cannot contain any of these characters or is otherwise not allowed.",
        ));
    }
    Ok(())
}

/// The name, or the next with a number behind its stem that is free in the folder: `a 1.txt`.
pub fn free(drive: &Drive, folder: usize, name: &str) -> String {
    let (stem, ending) = match name.rfind('.').filter(|dot| *dot > 0) {
        Some(dot) => name.split_at(dot),
        None => (name, ""),
    };
    let numbered = (1..).map(|number| format!("{stem} {number}{ending}"));
    let mut all = std::iter::once(name.to_string()).chain(numbered);
    all.find(|name| drive.walk(folder, &[name]).is_none())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn names() {
        for good in [
            "a",
            "a.b",
            "O'Brien & Söhne #1 50%",
            "🎉",
            ".profile",
            "com",
            "com10",
            "a b",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "", " a", "a ", "a.", "a/b", "a\\b", "a*", "<", ">", "a?", "a:b", "a|b", "\"", "CON",
            "com1", "LPT9", ".lock", "~$a.docx", "a_vti_b", "a\tb",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check(&"a".repeat(255)).is_ok() && check(&"a".repeat(256)).is_err());
    }
}
