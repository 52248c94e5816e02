//! Texts of notifications: seven that come with the driver, each of which a user can change, and as many
//! more as a user adds. What a user wrote is a file of its own in the folder `templates` beside
//! `config.toml`, so that it stays, can be edited with anything, and never comes out of a database file that
//! somebody else made.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

/// A text with gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// What it is called: letters, digits, `_` and `-`.
    pub name: String,
    /// The subject of the mail.
    pub subject: String,
    /// The body of the mail, as HTML.
    pub body: String,
    /// A user wrote it, or changed it.
    pub is_own: bool,
}

/// A change of the user's templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// From now on this one is there.
    Keep(Template),
    /// The user's own text of this name goes; where the driver has one of the name, that one is back.
    Drop(String),
}

/// The texts of seed 001's notifications.
const BUILT_IN: &[(&str, &str)] = &[
    ("created_user", include_str!("created_user.html")),
    (
        "azure_storage_created",
        include_str!("azure_storage_created.html"),
    ),
    (
        "azure_storage_keys",
        include_str!("azure_storage_keys.html"),
    ),
    (
        "azure_storage_keys_regenerated",
        include_str!("azure_storage_keys_regenerated.html"),
    ),
    (
        "aws_instance_created",
        include_str!("aws_instance_created.html"),
    ),
    ("vm_created", include_str!("vm_created.html")),
    ("vm_status", include_str!("vm_status.html")),
];

/// What the files are called after the template's name.
const EXTENSION: &str = "html";

impl Template {
    /// A template of a user.
    ///
    /// # Errors
    /// A name that could be no file's, or nothing to say.
    pub fn of_user(name: &str, subject: &str, body: &str) -> Result<Self> {
        checked(name)?;
        if subject.trim().is_empty() || body.trim().is_empty() {
            return Err(Error::usage(format!(
                "the template {name} needs a Subject and a Body"
            )));
        }
        Ok(Self {
            name: name.to_owned(),
            subject: subject.to_owned(),
            body: body.to_owned(),
            is_own: true,
        })
    }

    /// From a file: the subject is the title, the body is the rest.
    fn read(name: &str, text: &str, is_own: bool) -> Result<Self> {
        let parts = text
            .trim_start()
            .strip_prefix("<title>")
            .and_then(|rest| rest.split_once("</title>"));
        let Some((subject, body)) = parts else {
            return Err(
                Error::usage(format!("the template {name} does not begin with <title>"))
                    .next("The subject stands first, as <title>…</title>, and then the body"),
            );
        };
        Ok(Self {
            name: name.to_owned(),
            subject: unescaped(subject.trim()),
            body: body.trim_start_matches(['\r', '\n']).to_owned(),
            is_own,
        })
    }

    fn written(&self) -> String {
        format!("<title>{}</title>\n{}", escaped(&self.subject), self.body)
    }

    /// The names of the values that it needs, in the order of their first appearance.
    pub fn gaps(&self) -> Vec<&str> {
        self.names(|piece| match piece {
            Piece::Gap(name) | Piece::Attached(name) => Some(name),
            Piece::Text(_) => None,
        })
    }

    /// The names of the values that go along as files.
    pub fn attached(&self) -> Vec<&str> {
        self.names(|piece| match piece {
            Piece::Attached(name) => Some(name),
            Piece::Gap(_) | Piece::Text(_) => None,
        })
    }

    fn names<'t>(&'t self, name: impl Fn(Piece<'t>) -> Option<&'t str>) -> Vec<&'t str> {
        let mut names: Vec<&str> = Vec::new();
        let pieces = pieces(&self.subject).chain(pieces(&self.body));
        for name in pieces.filter_map(name) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The subject and the body with their gaps filled; in the body values are text, never HTML.
    pub fn filled(&self, value: &dyn Fn(&str) -> String) -> (String, String) {
        let fill = |text: &str, shown: &dyn Fn(&str) -> String| -> String {
            let filled = pieces(text).map(|piece| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Gap(name) => shown(&value(name)),
                Piece::Attached(_) => String::new(),
            });
            filled.collect()
        };
        // A header is one line.
        let subject = fill(&self.subject, &|value| value.replace(['\r', '\n'], " "));
        (subject, fill(&self.body, &escaped))
    }
}

enum Piece<'t> {
    Text(&'t str),
    Gap(&'t str),
    Attached(&'t str),
}

/// `Dear {{Name}}, {{@Key}}` in pieces; braces around anything but a name are text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.filter(|text| !text.is_empty())?;
        let gap = text
            .strip_prefix("{{")
            .and_then(|inner| inner.split_once("}}"));
        if let Some((gap, after)) = gap {
            let (name, is_attached) = match gap.trim().strip_prefix('@') {
                Some(name) => (name, true),
                None => (gap.trim(), false),
            };
            if is_name(name) {
                rest = Some(after);
                return Some(match is_attached {
                    true => Piece::Attached(name),
                    false => Piece::Gap(name),
                });
            }
        }
        // At least one letter, so that braces that are no gap are passed over.
        let next = text
            .char_indices()
            .skip(1)
            .find(|(at, _)| text[*at..].starts_with("{{"));
        let (piece, after) = text.split_at(next.map_or(text.len(), |(at, _)| at));
        rest = Some(after);
        Some(Piece::Text(piece))
    })
}

/// The folder of a user's templates.
///
/// # Errors
/// When the platform names no folder for settings.
pub fn folder() -> Result<PathBuf> {
    Ok(crate::config::folder()?.join("templates"))
}

/// All templates, by name: the driver's, and a user's in their place or beside them.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn all() -> Result<Vec<Template>> {
    let mut all = BTreeMap::new();
    for (name, text) in BUILT_IN {
        all.insert((*name).to_owned(), Template::read(name, text, false)?);
    }
    // Without a folder for settings nobody can have put anything there.
    if let Ok(folder) = folder() {
        for own in own(&folder)? {
            all.insert(own.name.clone(), own);
        }
    }
    Ok(all.into_values().collect())
}

fn own(folder: &Path) -> Result<Vec<Template>> {
    let files = match std::fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    let mut templates = Vec::new();
    for file in files {
        let path = file.map_err(|error| unreadable(folder, &error))?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let is_template = path.extension().is_some_and(|ending| ending == EXTENSION);
        if let Some(name) = name.filter(|name| is_template && checked(name).is_ok()) {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            templates.push(Template::read(name, &text, true)?);
        }
    }
    Ok(templates)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::usage(format!("{} cannot be read: {error}", path.display()))
}

/// The template of a name, in capitals or not.
///
/// # Errors
/// When there is none, with those that there are.
pub fn find(name: &str) -> Result<Template> {
    let all = all()?;
    let names: Vec<&str> = all.iter().map(|template| template.name.as_str()).collect();
    let found = all
        .iter()
        .find(|template| template.name.eq_ignore_ascii_case(name));
    found.cloned().ok_or_else(|| {
        Error::new(Kind::NotFound, format!("there is no template {name}"))
            .next(format!("Those that there are: {}", names.join(", ")))
    })
}

/// Whether the driver brings a template of this name.
pub fn is_built_in(name: &str) -> bool {
    BUILT_IN.iter().any(|(known, _)| *known == name)
}

impl Edit {
    /// Writes the change down; nobody ever sees half a file.
    ///
    /// # Errors
    /// When the folder or file cannot be written.
    pub fn apply(&self) -> Result<()> {
        let folder = folder()?;
        let path = |name: &str| folder.join(format!("{name}.{EXTENSION}"));
        let done = match self {
            Self::Keep(template) => {
                let (draft, file) = (
                    folder.join(format!(".{}.{}", template.name, std::process::id())),
                    path(&template.name),
                );
                std::fs::create_dir_all(&folder)
                    .and_then(|()| std::fs::write(&draft, template.written()))
                    .and_then(|()| std::fs::rename(&draft, file))
            }
            Self::Drop(name) => match std::fs::remove_file(path(name)) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                other => other,
            },
        };
        done.map_err(|error| {
            Error::usage(format!(
                "the templates in {} cannot be changed: {error}",
                folder.display()
            ))
        })
    }
}

fn checked(name: &str) -> Result<()> {
    let is_good = !name.is_empty()
        && name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if is_good {
        return Ok(());
    }
    Err(Error::usage(format!(
        "'{name}' cannot name a template: up to 64 letters, digits, _ and -"
    )))
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// What [`escaped`] made, as it was.
fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_brings_seven_that_can_be_read_and_are_written_the_same() {
        for (name, text) in BUILT_IN {
            let template = Template::read(name, text, false).expect(name);
            assert_eq!(template.written(), *text);
            assert!(!template.gaps().is_empty(), "{name}");
        }
        assert_eq!(BUILT_IN.len(), 7);
    }

    #[test]
    fn values_are_text_in_the_body_and_one_line_in_the_subject() {
        let body = "<b>{{Name}}</b> {{}} {x} {{a b}}{{@Key}}{";
        let template = Template::of_user("t", "To {{ Name }} & {{", body).expect("a template");
        assert_eq!(template.gaps(), ["Name", "Key"]);
        assert_eq!(template.attached(), ["Key"]);
        let (subject, body) = template.filled(&|_| "<i>\n\"ä\" & '".to_owned());
        assert_eq!(subject, "To <i> \"ä\" & ' & {{");
        assert_eq!(
            body,
            "<b>&lt;i&gt;\n&quot;ä&quot; &amp; &#39;</b> {{}} {x} {{a b}}{"
        );
    }

    #[test]
    fn a_subject_survives_its_file() {
        let template = Template::of_user("t", "a < b && c > \"d\" &lt; 'e'", "<p>x").expect("one");
        let read = Template::read("t", &template.written(), true).expect("the same");
        assert_eq!(read, template);
    }

    #[test]
    fn names_stay_inside_the_folder() {
        for name in ["", "../x", "a/b", "a.b", "ä", &"x".repeat(65)] {
            assert!(Template::of_user(name, "s", "b").is_err(), "{name}");
        }
        assert!(Template::of_user("a", " ", "b").is_err());
        assert!(Template::of_user("a", "s", "\n").is_err());
    }
}
