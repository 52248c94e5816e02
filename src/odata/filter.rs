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

    /// The filter without its values: what a service takes or refuses.
    pub fn shape(&self) -> String {
        let all = |parts: &[Self], word: &str| {
            let shapes: Vec<String> = parts.iter().map(Self::shape).collect();
            format!("{word}({})", shapes.join(","))
        };
        match self {
            Self::Compare(property, operator, _) => format!("{property} {operator}"),
            Self::StartsWith(property, _) => format!("startswith {property}"),
            Self::EndsWith(property, _) => format!("endswith {property}"),
            Self::In(property, _) => format!("{property} in"),
            Self::And(parts) => all(parts, "and"),
            // However many: they are alike.
            Self::Or(parts) => all(&parts[..parts.len().min(1)], "or"),
            Self::Raw(_) => "raw".to_owned(),
        }
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

/// The terms that a printed filter joins with `and` at its top level: what one filter asks beyond
/// another can be told from them.
pub fn conjuncts(filter: &str) -> Vec<&str> {
    const AND: &str = " and ";
    let (mut depth, mut quoted, mut start) = (0_u32, false, 0);
    let mut terms = Vec::new();
    for (position, byte) in filter.bytes().enumerate() {
        match byte {
            // A doubled quote inside a literal closes and opens it again.
            b'\'' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth = depth.saturating_sub(1),
            b' ' if !quoted
                && depth == 0
                && position >= start
                && filter[position..].starts_with(AND) =>
            {
                terms.push(&filter[start..position]);
                start = position + AND.len();
            }
            _ => {}
        }
    }
    if start < filter.len() {
        terms.push(&filter[start..]);
    }
    terms
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

    #[test]
    fn a_printed_filter_falls_into_its_terms() {
        let filter = "startswith(subject,'a and b ''and'' (') and (x eq 1 or (y eq 2 and z eq 3)) \
                      and isRead eq true";
        assert_eq!(
            conjuncts(filter),
            [
                "startswith(subject,'a and b ''and'' (')",
                "(x eq 1 or (y eq 2 and z eq 3))",
                "isRead eq true",
            ]
        );
        assert_eq!(conjuncts("isRead eq true"), ["isRead eq true"]);
        assert!(conjuncts("").is_empty());
    }
}
