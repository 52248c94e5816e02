//! Drive items and list items (FACTS §3.4).

use crate::catalog::{Payload, Verb, Way, Writes, delete, patch, post};

/// INSERT makes a folder; UPDATE renames and moves; content is for UploadFile.
pub const FILES: Writes = Writes {
    insert: &[
        post("{owner}/items/{folder}/children"),
        post("{owner}/items/{parentReference/id}/children"),
        post("{owner}/root/children"),
    ],
    update: Some(patch("{owner}/items/{id}")),
    delete: Some(delete("{owner}/items/{id}")),
    settable: &["name", "description"],
    only_old: &["parentReference/id"],
    required: &["name"],
    constants: &[
        ("folder", "{}"),
        ("@microsoft.graph.conflictBehavior", "\"fail\""),
    ],
    permission: "Files.ReadWrite",
    example: "INSERT INTO Files(name, folder) VALUES ('2026', 'root')",
    ..Writes::NONE
};

/// The values of an item's columns are one object: UPDATE sends those that it names.
pub const LIST_ITEMS: Writes = Writes {
    insert: &[post("sites/{SiteId}/lists/{ListId}/items")],
    update: Some(Way {
        verb: Verb::Patch,
        path: "sites/{SiteId}/lists/{ListId}/items/{id}/fields",
        payload: Payload::Whole("fields"),
    }),
    delete: Some(delete("sites/{SiteId}/lists/{ListId}/items/{id}")),
    settable: &["fields"],
    required: &["fields"],
    permission: "Sites.ReadWrite.All",
    example: "INSERT INTO ListItems(SiteId, ListId, fields) SELECT SiteId, id, json_object('Title', 'Contoso') FROM Lists WHERE SiteId = 'root' AND displayName = 'Customers'",
    ..Writes::NONE
};
