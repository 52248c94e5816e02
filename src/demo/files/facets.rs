//! What few drive items have: facets of media, of links to other drives, of SharePoint, each as the metadata declares it.

use serde_json::{Value, json};

use super::row::Place;
use crate::demo::random::guid;
use crate::demo::time::{self, DAY};
use crate::demo::world::drives::{Item, Kind, tag};
use crate::demo::world::people::TENANT_ID;
use crate::demo::world::sharing::{self, Grant};

/// The facet `shared`: there when anybody beside the owner has access, by the item's own grants or those of a folder above; its scope is the widest one (FACTS 1.6).
pub fn shared(place: Place, number: usize) -> Value {
    let effective = sharing::effective(place.drive, number);
    let scope = effective.iter().filter_map(|(_, _, grant)| match grant {
        Grant::Owner => None,
        Grant::Person { .. } => Some("users"),
        Grant::Link { scope, .. } => Some(*scope),
    });
    let widest = scope.min_by_key(|scope| match *scope {
        "anonymous" => 0,
        "organization" => 1,
        _ => 2,
    });
    let Some(scope) = widest else {
        return Value::Null;
    };
    let by = place.owner_identity();
    json!({"scope": scope, "owner": by, "sharedBy": by, "sharedDateTime": time::show(place.drive.items[number].modified)})
}

/// Where a photo was taken, how, and what it shows; older ones do not say.
pub fn photo(number: usize, taken: i64) -> Value {
    let mut photo = json!({"takenDateTime": time::show(taken), "cameraMake": "Contoso", "cameraModel": (number.is_multiple_of(2)).then_some("C-1")});
    if number.is_multiple_of(3) {
        for (name, value) in [
            ("exposureDenominator", json!(250.0)),
            ("exposureNumerator", json!(1.0)),
            ("fNumber", json!(2.8)),
            ("focalLength", json!(35.0)),
            ("iso", json!(200)),
            ("orientation", json!(1)),
        ] {
            photo[name] = value;
        }
    }
    photo
}

/// The place of a photo, where the camera knew it.
pub fn location(number: usize) -> Value {
    match number.is_multiple_of(3) {
        true => json!({"altitude": 52.5, "latitude": 47.64, "longitude": -122.13}),
        false => Value::Null,
    }
}

/// What is known of a song.
pub fn audio(number: usize) -> Value {
    json!({
        "album": "Minutes", "albumArtist": "The Minutes", "artist": "The Minutes", "bitrate": 192, "composers": "A. Vance",
        "copyright": "Contoso", "disc": 1, "discCount": 1, "duration": 184_000 + number, "genre": "Spoken", "hasDrm": false,
        "isVariableBitrate": false, "title": format!("Song {number}"), "track": 1, "trackCount": 9, "year": 2025,
    })
}

/// What is known of a film.
pub fn video(number: usize) -> Value {
    json!({
        "audioBitsPerSample": 16, "audioChannels": 2, "audioFormat": "AAC", "audioSamplesPerSecond": 44_100, "bitrate": 2_500_000,
        "duration": 61_000 + number, "fourCC": "H264", "frameRate": 29.97, "height": 1080, "width": 1920,
    })
}

/// An item of another drive that hangs here: a folder, or a film with everything that is known of it.
pub fn remote(place: Place, item: &Item, number: usize) -> Value {
    let people = place.users[1].identity();
    let at = time::show(item.modified);
    let mut remote = json!({
        "id": item.id, "name": item.name, "size": item.size, "createdBy": people, "lastModifiedBy": people,
        "createdDateTime": at, "lastModifiedDateTime": at,
        "webUrl": format!("https://contoso.sharepoint.com/shared/{number}"),
        "webDavUrl": format!("https://contoso.sharepoint.com/shared/{number}"),
        "fileSystemInfo": {"createdDateTime": at, "lastModifiedDateTime": at, "lastAccessedDateTime": at},
        "parentReference": {
            "driveId": "b!remote", "driveType": "business", "id": "01REMOTE", "name": "Shared", "path": "/drives/b!remote/root:/Shared",
            "siteId": guid(&[113]), "shareId": "u!remote", "sharepointIds": sharepoint_ids(place, number),
        },
        "sharepointIds": sharepoint_ids(place, number),
        "shared": {"scope": "users", "owner": people, "sharedBy": people, "sharedDateTime": at},
    });
    let more = match number.is_multiple_of(2) {
        true => json!({
            "file": {"mimeType": "video/mp4", "processingMetadata": false, "hashes": hashes("AAAA")},
            "image": {"width": 1920, "height": 1080}, "video": video(number),
        }),
        false => json!({
            "folder": {"childCount": 3, "view": view()}, "specialFolder": {"name": "documents"}, "package": {"type": "oneNote"},
        }),
    };
    if let (Value::Object(remote), Value::Object(more)) = (&mut remote, more) {
        remote.extend(more);
    }
    remote
}

/// All hashes that a service may know; business drives have the quick one alone.
pub fn hashes(quick: &str) -> Value {
    json!({"quickXorHash": quick, "crc32Hash": "00000000", "sha1Hash": "0".repeat(40), "sha256Hash": "0".repeat(64)})
}

/// How a folder is shown.
pub fn view() -> Value {
    json!({"sortBy": "name", "sortOrder": "ascending", "viewType": "thumbnails"})
}

/// The ids under which SharePoint knows an item.
pub fn sharepoint_ids(place: Place, number: usize) -> Value {
    json!({
        "listItemId": number.to_string(), "listItemUniqueId": tag(place.drive, number).to_lowercase(), "listId": guid(&[114]),
        "siteId": guid(&[111]), "siteUrl": "https://contoso.sharepoint.com", "tenantId": TENANT_ID, "webId": guid(&[115]),
    })
}

/// Facets of the few items that have them: an album, an upload that is not finished, a file that somebody checked out.
pub fn rare(place: Place, number: usize, name: &str) -> Value {
    let item = &place.drive.items[number];
    let (is_file, at) = (item.kind == Kind::File, time::show(item.modified + DAY));
    match (name, number) {
        ("bundle", 80) if item.kind == Kind::Folder => {
            json!({"childCount": 2, "album": {"coverImageItemId": item.id}})
        }
        ("pendingOperations", 51) if is_file => {
            json!({"pendingContentUpdate": {"queuedDateTime": at}})
        }
        ("publication", 57) if is_file => {
            json!({"level": "checkout", "versionId": "0.1", "checkedOutBy": place.users[2].identity()})
        }
        _ => Value::Null,
    }
}

/// A reference with everything that the type has: services fill in as much as they know, here and there all of it.
pub fn reference(seed: u64) -> Value {
    let id = |part: u64| guid(&[116, seed, part]);
    json!({
        "driveId": format!("b!{seed}"), "driveType": "documentLibrary", "id": format!("01{seed:032}"), "name": "Shared", "path": "/drive/root:/Shared",
        "shareId": format!("u!{seed}"), "siteId": id(1),
        "sharepointIds": {
            "listId": id(2), "listItemId": "1", "listItemUniqueId": id(3), "siteId": id(1), "siteUrl": "https://contoso.sharepoint.com",
            "tenantId": TENANT_ID, "webId": id(4),
        },
    })
}
