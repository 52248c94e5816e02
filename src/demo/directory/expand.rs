//! `$expand` of a user's relationships: at most twenty objects, with a selection of their own (FACTS 1.4).

use serde_json::{Value, json};

use super::objects::memberships;
use super::rules::defaults;
use crate::demo::Tenant;
use crate::demo::error::Answer;
use crate::demo::query::row::{Row, render};
use crate::demo::query::select::chosen;

const MOST: usize = 20;

/// The relationship that the option's text names, as a property of the row.
pub fn expand(tenant: &Tenant, row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    let (name, inner) = text.split_once('(').unwrap_or((text, ""));
    let Some(this) = tenant
        .now
        .users()
        .find(|user| row.property("id") == user.id.as_str())
    else {
        return Ok(Vec::new());
    };
    let value = match name {
        "manager" => match this.manager.and_then(|place| tenant.now.all.get(place)) {
            Some(manager) => show(&manager, inner)?,
            // Nobody above: the property is absent, not null.
            None => return Ok(Vec::new()),
        },
        "directReports" => {
            let reports = tenant
                .now
                .users()
                .filter(|other| other.manager == Some(this.index));
            reports
                .take(MOST)
                .map(|user| show(&user, inner))
                .collect::<Answer<Vec<Value>>>()?
                .into()
        }
        _ => memberships(tenant, this, name == "transitiveMemberOf")
            .into_iter()
            .take(MOST)
            .map(|object| show(object.row(tenant).as_ref(), inner))
            .collect::<Answer<Vec<Value>>>()?
            .into(),
    };
    Ok(vec![(name.to_string(), value)])
}

/// The object with the inner `$select`, or its default set, and its type.
pub fn show(row: &dyn Row, inner: &str) -> Answer<Value> {
    let select = inner
        .trim_end_matches(')')
        .split(';')
        .find_map(|option| option.trim().strip_prefix("$select="));
    let select: Option<Vec<String>> = select.map(|names| {
        names
            .split(',')
            .map(|name| name.trim().to_string())
            .collect()
    });
    let names = chosen(
        row.type_name(),
        select.as_deref(),
        defaults(row.type_name()),
    )?;
    let mut map = render(row, &names);
    map.insert(
        "@odata.type".into(),
        json!(format!("#microsoft.graph.{}", row.type_name())),
    );
    Ok(Value::Object(map))
}
