//! `$select`: which properties a response carries, and the refusal of names that do not exist.

use super::schema::{self, Member};
use crate::demo::error::{Answer, Fault};

/// The properties to send: the selected ones if all exist on the type, else the defaults.
pub fn chosen(
    type_name: &str,
    select: Option<&[String]>,
    defaults: &[&str],
) -> Answer<Vec<String>> {
    let all = || defaults.iter().map(|name| name.to_string()).collect();
    let Some(select) = select else {
        return Ok(all());
    };
    if select.iter().any(|name| name == "*") {
        return Ok(all());
    }
    let mut chosen: Vec<String> = Vec::new();
    for name in select {
        match schema::member(type_name, name) {
            Some(Member::Property(_)) if !chosen.contains(name) => chosen.push(name.clone()),
            Some(Member::Property(_)) => {}
            _ => return Err(unknown(name, type_name)),
        }
    }
    Ok(chosen)
}

/// Every property of a type but the ones named: the default set of most services.
pub fn all_but(type_name: &str, hidden: &[&str]) -> Vec<&'static str> {
    schema::properties(type_name)
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !hidden.contains(name))
        .collect()
}

/// The part of `@odata.context` that repeats the selection.
pub fn context_suffix(select: Option<&[String]>) -> String {
    select.map_or_else(String::new, |names| format!("({})", names.join(",")))
}

/// 400 for a name that the type does not have.
pub fn unknown(name: &str, type_name: &str) -> Fault {
    Fault::bad_request(format!(
        "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{type_name}'."
    ))
}
