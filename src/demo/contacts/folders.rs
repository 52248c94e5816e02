//! Contact folders: one level at a time, and never the default folder itself (FACTS 1.3).

use serde_json::json;

use super::DEFAULT;
use crate::demo::call::Call;
use crate::demo::directory::json_row;
use crate::demo::error::Answer;
use crate::demo::outlook::place::Place;
use crate::demo::outlook::{self, Rules, Source};
use crate::demo::query::row::JsonRow;
use crate::demo::reply::Reply;
use crate::demo::world::ids::Kind;
use crate::demo::world::mailbox::ROOT;

/// FACTS 1.3 names `$select` and says "…": the options of every Outlook list, then, but no filter, no sort and no relationship.
pub const RULES: Rules = Rules {
    type_name: "contactFolder",
    options: &["$select", "$count", "$skip", "$top"],
    ..Rules::BARE
};

/// `contactFolders`, `childFolders`
pub fn list(call: &Call, place: Place, parent: usize) -> Answer<Reply> {
    let rows = children(place, parent);
    let resource = match parent {
        DEFAULT => place.resource("contactFolders"),
        _ => place.resource(&format!(
            "contactFolders('{}')/childFolders",
            place.container_id(Kind::ContactFolder, parent)
        )),
    };
    outlook::list(call, &RULES, &Source::plain(&rows, &resource))
}

/// `contactFolders/$count`
pub fn count(call: &Call, place: Place, parent: usize) -> Answer<Reply> {
    outlook::count_segment(call, &RULES, &Source::plain(&children(place, parent), ""))
}

/// `contactFolders/{id}`
pub fn single(call: &Call, place: Place, folder: usize) -> Answer<Reply> {
    outlook::single(
        call,
        &RULES,
        &place.resource("contactFolders"),
        &row(place, folder),
        &outlook::expands_nothing,
    )
}

fn children(place: Place, parent: usize) -> Vec<JsonRow> {
    let folders = place.contact_folders_in(parent).into_iter();
    folders.map(|folder| row(place, folder)).collect()
}

/// A folder as it is shown; the default one for one that is not there.
pub fn row(place: Place, folder: usize) -> JsonRow {
    let Some(this) = place.contact_folder_node(folder) else {
        return row(place, DEFAULT);
    };
    // The default folder lies below the root of the mailbox, which is a mail folder.
    let parent = match folder {
        DEFAULT => place.container_id(Kind::Folder, ROOT),
        _ => place.container_id(Kind::ContactFolder, this.parent),
    };
    json_row(
        "contactFolder",
        json!({
            "id": place.container_id(Kind::ContactFolder, folder),
            "displayName": this.name,
            "parentFolderId": parent,
        }),
    )
}
