//! A `$filter` as a tree, and its text.

use std::fmt;

use super::Literal;

/// A boolean expression over properties.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// `property op literal`; the operator is one of `eq ne gt ge lt le`.
    Compare(&'static str, &'static str, Literal),
    /// `startswith(property,literal)`
    StartsWith(&'static str, Literal),
    /// `endswith(property,literal)`
    EndsWith(&'static str, Literal),
    /// `property in (a,b)`
    In(&'static str, Vec<Literal>),
    /// All of them; none is no filter.
    And(Vec<Filter>),
    /// Any of them.
    Or(Vec<Filter>),
    /// The user's own text.
    Raw(Box<str>),
}

impl Filter {
    /// True when nothing is asked.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::And(parts) if parts.iter().all(Self::is_empty))
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare(property, operator, literal) => {
                write!(f, "{property} {operator} {literal}")
            }
            Self::StartsWith(property, literal) => write!(f, "startswith({property},{literal})"),
            Self::EndsWith(property, literal) => write!(f, "endswith({property},{literal})"),
            Self::In(property, literals) => {
                write!(f, "{property} in (")?;
                join(f, literals, ",", |f, literal| literal.fmt(f))?;
                f.write_str(")")
            }
            Self::And(parts) => join(f, parts, " and ", |f, part| match part {
                Self::Or(any) if any.len() > 1 => write!(f, "({part})"),
                Self::Raw(text) => write!(f, "({text})"),
                _ => part.fmt(f),
            }),
            Self::Or(parts) => join(f, parts, " or ", |f, part| match part {
                Self::And(_) => write!(f, "({part})"),
                _ => part.fmt(f),
            }),
            Self::Raw(text) => f.write_str(text),
        }
    }
}

fn join<T>(
    f: &mut fmt::Formatter<'_>,
    parts: &[T],
    separator: &str,
    mut write: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            f.write_str(separator)?;
        }
        write(f, part)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_print_with_the_parentheses_they_need() {
        let text = |text: &str| Literal::Text(text.into());
        let any = Filter::Or(vec![
            Filter::Compare("importance", "eq", text("high")),
            Filter::Compare("importance", "eq", text("low")),
        ]);
        let all = Filter::And(vec![
            Filter::StartsWith("from/emailAddress/address", text("o'b")),
            any.clone(),
            Filter::Raw("isRead eq true or isDraft eq true".into()),
        ]);
        assert_eq!(
            all.to_string(),
            "startswith(from/emailAddress/address,'o''b') and \
             (importance eq 'high' or importance eq 'low') and \
             (isRead eq true or isDraft eq true)"
        );
        assert_eq!(
            any.to_string(),
            "importance eq 'high' or importance eq 'low'"
        );
        assert_eq!(
            Filter::In("id", vec![text("a"), text("b")]).to_string(),
            "id in ('a','b')"
        );
        assert!(Filter::And(vec![]).is_empty());
        assert!(!all.is_empty());
    }
}
