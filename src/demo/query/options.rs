//! The query options of a request: split, decoded and read, before any service judges them.

use crate::demo::encoding::form_decode;
use crate::demo::error::{Answer, Fault};

/// The options as sent.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// `$filter`
    pub filter: Option<String>,
    /// `$select`, split at commas.
    pub select: Option<Vec<String>>,
    /// `$orderby`: path and whether descending.
    pub orderby: Vec<(String, bool)>,
    /// `$top`
    pub top: Option<u64>,
    /// `$skip`
    pub skip: Option<u64>,
    /// `$count`
    pub count: Option<bool>,
    /// `$search`, quotes and all.
    pub search: Option<String>,
    /// `$expand`
    pub expand: Option<String>,
    /// `$skiptoken`
    pub skiptoken: Option<String>,
    /// `$deltatoken`
    pub deltatoken: Option<String>,
    /// Options without `$`, such as `startDateTime`.
    pub plain: Vec<(String, String)>,
    /// Every `$` option as sent (decoded), in order: what a nextLink repeats.
    pub sent: Vec<(String, String)>,
}

impl Query {
    /// Reads the part after the question mark.
    pub fn parse(raw: &str) -> Answer<Query> {
        let mut query = Query::default();
        for part in raw.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let decoded = form_decode(name).zip(form_decode(value));
            let (name, value) = decoded.ok_or_else(|| {
                Fault::bad_request("The query string is not valid percent-encoded UTF-8.")
            })?;
            if !name.starts_with('$') {
                query.plain.push((name, value));
                continue;
            }
            // FACTS 6 writes it in both ways.
            let name = if name == "$deltaToken" {
                "$deltatoken".to_string()
            } else {
                name
            };
            if query.sent.iter().any(|(sent, _)| *sent == name) {
                return Err(Fault::bad_request(format!(
                    "Query option '{name}' was specified more than once, but it must be specified at most once."
                )));
            }
            query.read(&name, &value)?;
            query.sent.push((name, value));
        }
        Ok(query)
    }

    /// The value of an option without `$`; names are not case-sensitive there.
    pub fn plain(&self, name: &str) -> Option<&str> {
        self.plain
            .iter()
            .find(|(sent, _)| sent.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Was the `$` option sent?
    pub fn has(&self, name: &str) -> bool {
        self.sent.iter().any(|(sent, _)| sent == name)
    }

    fn read(&mut self, name: &str, value: &str) -> Answer<()> {
        match name {
            "$filter" => self.filter = Some(nonempty(name, value)?),
            "$select" => self.select = Some(list(name, value)?),
            "$orderby" => self.orderby = orderby(value)?,
            "$top" => self.top = Some(number(name, value)?),
            "$skip" => self.skip = Some(number(name, value)?),
            "$count" => self.count = Some(boolean(name, value)?),
            "$search" => self.search = Some(nonempty(name, value)?),
            "$expand" => self.expand = Some(nonempty(name, value)?),
            "$skiptoken" => self.skiptoken = Some(value.to_string()),
            "$deltatoken" => self.deltatoken = Some(value.to_string()),
            "$format" if value == "json" || value == "application/json" => {}
            _ => {
                return Err(Fault::bad_request(format!(
                    "The query parameter '{name}' is not supported."
                )));
            }
        }
        Ok(())
    }
}

fn nonempty(name: &str, value: &str) -> Answer<String> {
    if value.trim().is_empty() {
        return Err(Fault::bad_request(format!(
            "The value of OData query '{name}' cannot be empty."
        )));
    }
    Ok(value.trim().to_string())
}

fn list(name: &str, value: &str) -> Answer<Vec<String>> {
    let items: Vec<String> = value
        .split(',')
        .map(|item| item.trim().to_string())
        .collect();
    if items.iter().any(String::is_empty) {
        return Err(Fault::bad_request(format!(
            "Parsing OData Select and Expand failed: the value '{value}' of '{name}' has an empty item."
        )));
    }
    Ok(items)
}

fn orderby(value: &str) -> Answer<Vec<(String, bool)>> {
    list("$orderby", value)?
        .iter()
        .map(|item| {
            let mut words = item.split_whitespace();
            let path = words.next().unwrap_or_default().to_string();
            match (words.next(), words.next()) {
                (None | Some("asc"), None) => Ok((path, false)),
                (Some("desc"), None) => Ok((path, true)),
                _ => Err(Fault::bad_request(format!(
                    "Syntax error in '$orderby': '{item}'."
                ))),
            }
        })
        .collect()
}

fn number(name: &str, value: &str) -> Answer<u64> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = if digits {
        value
            .parse()
            .ok()
            .filter(|number| *number <= i32::MAX as u64)
    } else {
        None
    };
    parsed.ok_or_else(|| Fault::bad_request(format!("Invalid value '{value}' for {name} query option found. The {name} query option requires a non-negative integer value.")))
}

fn boolean(name: &str, value: &str) -> Answer<bool> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Fault::bad_request(format!(
            "Invalid value '{value}' for {name} query option found. Valid values are 'true' and 'false'."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_decoded_before_they_are_named() {
        let query =
            Query::parse("%24top=5&$filter=a+eq+%27x%26y%27&startDateTime=2026-01-01&top=3")
                .expect("valid");
        assert_eq!(query.top, Some(5));
        assert_eq!(query.filter.as_deref(), Some("a eq 'x&y'"));
        assert_eq!(query.plain("startdatetime"), Some("2026-01-01"));
    }

    #[test]
    fn refusals() {
        for raw in [
            "$top=x",
            "$top=-1",
            "$count=1",
            "$foo=1",
            "$select=a,,b",
            "$orderby=a up",
            "$filter=",
            "$top=1&$top=2",
            "$filter=%FF",
        ] {
            assert!(Query::parse(raw).is_err(), "{raw}");
        }
    }
}
