//! Users and groups as a subscription sees them. `updated` is said of one that was made, changed, put among the deleted or restored, `deleted` of one that is gone for good (R/subscription).

use serde_json::{Value, json};

use super::now::{Directory, GROUPS, USERS};
use crate::demo::notify::news::{Change, News, Step};
use crate::demo::world::groups::Group;
use crate::demo::world::people::TENANT_ID;
use crate::demo::write::ledger::Entry;

/// What a write did to the users, or to one of them.
pub fn users(step: &Step, wanted: Option<&str>) -> Vec<News> {
    let changed = step.changed(USERS).filter(|(id, _)| is_wanted(id, wanted));
    changed
        .map(|(id, entry)| told("User", id, change(entry)))
        .collect()
}

/// What a write did to the groups, or to one of them; to its members and owners as well.
pub fn groups(step: &Step, wanted: Option<&str>) -> Vec<News> {
    let changed = step.changed(GROUPS).filter(|(id, _)| is_wanted(id, wanted));
    let all = changed.map(|(id, entry)| {
        let mut news = told("Group", id, change(entry));
        for relation in ["members", "owners"] {
            tell_relation(step, id, relation, &mut news);
        }
        news
    });
    all.collect()
}

/// What a write did to the members or owners of a group: told as a change of the group (K).
pub fn related(step: &Step, group: &str, relation: &'static str) -> Vec<News> {
    let changed = step.changed(GROUPS);
    let changed = changed.filter(|(id, entry)| is_wanted(id, Some(group)) && !entry.deleted);
    let all = changed.filter_map(|(id, _)| {
        let mut news = told("Group", id, Change::Updated);
        tell_relation(step, id, relation, &mut news).then_some(news)
    });
    all.collect()
}

fn is_wanted(id: &str, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(id))
}

fn change(entry: &Entry) -> Change {
    match entry.deleted {
        true => Change::Deleted,
        false => Change::Updated,
    }
}

/// The path and the type begin with capitals, and there is no etag (a notification in codewithsundeep.com/discussion/solution/53422974).
fn told(type_name: &str, id: &str, change: Change) -> News {
    let resource = format!("{type_name}s/{id}");
    News {
        change,
        data: json!({
            "@odata.type": format!("#Microsoft.Graph.{type_name}"),
            "@odata.id": resource, "id": id, "organizationId": TENANT_ID,
        }),
        resource,
    }
}

/// Adds who came and who left, as `members@delta`; whether anybody did (K).
fn tell_relation(step: &Step, id: &str, relation: &str, news: &mut News) -> bool {
    let before = Directory::at(step.tenant, step.before);
    let after = Directory::at(step.tenant, step.after);
    let old = ids(&before, id, relation);
    let new = ids(&after, id, relation);
    let came = new.iter().filter(|id| !old.contains(id));
    let left = old.iter().filter(|id| !new.contains(id));
    let came = came.map(|id| json!({"id": id}));
    let delta: Vec<Value> = came
        .chain(left.map(|id| json!({"id": id, "@removed": "deleted"})))
        .collect();
    if delta.is_empty() || news.change == Change::Deleted {
        return false;
    }
    news.data[format!("{relation}@delta")] = Value::Array(delta);
    true
}

fn ids(directory: &Directory, id: &str, relation: &str) -> Vec<String> {
    let group = directory.groups.iter().find(|group| group.id == id);
    group.map_or(Vec::new(), |group| match relation {
        "owners" => people(directory, &group.owners),
        _ => members(directory, group),
    })
}

fn members(directory: &Directory, group: &Group) -> Vec<String> {
    let nested = group.nested.iter();
    let groups = nested.map(|place| directory.groups[*place].id.clone());
    groups.chain(people(directory, &group.members)).collect()
}

fn people(directory: &Directory, places: &[usize]) -> Vec<String> {
    let users = places.iter().map(|place| directory.all[*place].id.clone());
    users.collect()
}
