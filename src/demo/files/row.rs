//! A drive item as Graph shows it: facets are objects that are there or not (FACTS 1.6).

use serde_json::{Map, Value, json};

use super::facets;
use crate::demo::download::sealed;
use crate::demo::encoding::percent_encode;
use crate::demo::query::row::Row;
use crate::demo::quickxor::quick_xor;
use crate::demo::random::{guid, mix};
use crate::demo::time::{self, DAY};
use crate::demo::world::drives::{Drive, Item, Kind, Owner, tag};
use crate::demo::world::people::User;

/// A drive and the people who work in it.
#[derive(Clone, Copy)]
pub struct Place<'w> {
    /// The drive.
    pub drive: &'w Drive,
    /// All users.
    pub users: &'w [User],
}

/// One item.
pub struct ItemRow<'w> {
    /// The drive.
    pub place: Place<'w>,
    /// Its place in the drive.
    pub number: usize,
    /// `https://host`: where downloads come from.
    pub origin: &'w str,
    /// Without `parentReference/path`, as delta and search send it.
    pub pathless: bool,
}

impl Place<'_> {
    /// Whose drive it is.
    pub fn owner_identity(&self) -> Value {
        match self.drive.owner {
            Owner::User(user) => self.users[user].identity(),
            Owner::Site => json!({"group": {"id": guid(&[112]), "displayName": "Contoso Team"}}),
        }
    }
}

impl<'w> ItemRow<'w> {
    fn item(&self) -> &'w Item {
        &self.place.drive.items[self.number]
    }

    fn seed(&self, purpose: u64) -> u64 {
        mix(&[
            110,
            purpose,
            self.place.drive.number as u64,
            self.number as u64,
        ])
    }

    /// What a counter of a generated item began with; one that was made begins with nothing.
    fn first(&self, purpose: u64, below: u64) -> u64 {
        match self.item().is_made() {
            true => 0,
            false => self.seed(purpose) % below,
        }
    }

    /// The pre-authenticated address of a file's content (FACTS 1.6). It stays valid, so that the same question has the same answer.
    pub fn download_url(&self) -> String {
        let key = format!("{}/{}", self.place.drive.number, self.number);
        format!(
            "{}/download/{key}?{}",
            self.origin,
            sealed("tempauth", "download", &key)
        )
    }

    fn person(&self, purpose: u64) -> Value {
        let place = match self.place.drive.owner {
            Owner::User(place) if !self.seed(purpose).is_multiple_of(4) => place,
            _ => (self.seed(purpose) % 12) as usize,
        };
        self.place.users[place].identity()
    }

    /// When it was made, in ticks.
    pub fn created(&self) -> i64 {
        if let Some(written) = self.item().set("created").and_then(Value::as_i64) {
            return written;
        }
        self.item().modified - (self.seed(3) % 20) as i64 * DAY
    }

    fn parent_reference(&self) -> Value {
        let drive = self.place.drive;
        let mut reference = json!({"driveId": drive.id, "driveType": drive_type(drive)});
        if drive.owner == Owner::Site || !self.item().is_made() && self.number.is_multiple_of(5) {
            let whole = facets::reference(111);
            for name in ["siteId", "shareId", "sharepointIds"] {
                reference[name] = whole[name].clone();
            }
        }
        if self.number != 0 {
            let parent = self.item().parent;
            reference["id"] = json!(drive.items[parent].id);
            reference["name"] = json!(drive.items[parent].name);
            if !self.pathless {
                reference["path"] =
                    json!(format!("/drives/{}/root:{}", drive.id, drive.path(parent)));
            }
        }
        reference
    }

    fn file(&self) -> Value {
        let item = self.item();
        if item.kind != Kind::File {
            return Value::Null;
        }
        let mime = match item.extension() {
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "pdf" => "application/pdf",
            "jpg" => "image/jpeg",
            "mp3" => "audio/mpeg",
            "mp4" => "video/mp4",
            "txt" | "md" => "text/plain",
            "csv" => "text/csv",
            _ => "application/octet-stream",
        };
        let known = item.set("hash").and_then(Value::as_str).map(String::from);
        let quick = known.unwrap_or_else(|| quick_xor(&self.place.drive.content(self.number)));
        match self.number.is_multiple_of(35) && !item.is_made() {
            true => {
                json!({"mimeType": mime, "hashes": facets::hashes(&quick), "processingMetadata": false})
            }
            false => json!({"mimeType": mime, "hashes": {"quickXorHash": quick}}),
        }
    }

    fn facet(&self, name: &str) -> Value {
        let item = self.item();
        let is = |extension: &str| item.kind == Kind::File && item.extension() == extension;
        match name {
            "root" if item.kind == Kind::Root => json!({}),
            "folder" if matches!(item.kind, Kind::Root | Kind::Folder) => {
                let count = item.children.len();
                let view = (self.number.is_multiple_of(16)).then(facets::view);
                match item.is_made() {
                    true => json!({"childCount": count}),
                    false => json!({"childCount": count, "view": view}),
                }
            }
            "file" => self.file(),
            "package" if item.kind == Kind::Package => json!({"type": "oneNote"}),
            "specialFolder" if item.name == "Documents" && item.parent == 0 => {
                json!({"name": "documents"})
            }
            "shared" => facets::shared(self.place, self.number),
            "sharepointIds" if item.is_made() => facets::sharepoint_ids(self.place, self.number),
            "deleted" if item.is_gone() => json!({"state": "deleted"}),
            // Nobody has looked into what was just written.
            _ if item.is_made() => Value::Null,
            "image" if is("jpg") => json!({"width": 640 + self.seed(4) % 4_000, "height": 480}),
            "photo" if is("jpg") => facets::photo(self.number, self.created()),
            "location" if is("jpg") => facets::location(self.number),
            "audio" if is("mp3") => facets::audio(self.number),
            "video" if is("mp4") => facets::video(self.number),
            "malware" if self.number == 333 => json!({"description": "EICAR"}),
            "remoteItem" if self.number == 20 || self.number == 21 => {
                facets::remote(self.place, item, self.number)
            }
            "publication"
                if item.kind == Kind::File
                    && self.number != 57
                    && self.seed(6).is_multiple_of(9) =>
            {
                json!({"level": "published", "versionId": "1.0"})
            }
            // What was just made has no ids of SharePoint yet.
            "sharepointIds" if !self.number.is_multiple_of(9) => {
                facets::sharepoint_ids(self.place, self.number)
            }
            other => facets::rare(self.place, self.number, other),
        }
    }
}

impl Row for ItemRow<'_> {
    fn type_name(&self) -> &'static str {
        "driveItem"
    }

    fn property(&self, name: &str) -> Value {
        let item = self.item();
        match name {
            "id" => json!(item.id),
            "name" => json!(item.name),
            "size" => json!(item.size),
            "createdDateTime" => json!(time::show(self.created())),
            "lastModifiedDateTime" => json!(time::show(item.modified)),
            "createdBy" | "lastModifiedBy" | "description" if item.set(name).is_some() => {
                item.set(name).cloned().unwrap_or(Value::Null)
            }
            "description" if item.is_made() => Value::Null,
            // Whoever has left the tenant is named no more.
            "createdBy" if self.number.is_multiple_of(47) => Value::Null,
            "createdBy" => self.person(1),
            "lastModifiedBy" if self.number.is_multiple_of(53) => Value::Null,
            "lastModifiedBy" => self.person(2),
            "description" => json!(
                self.seed(7)
                    .is_multiple_of(10)
                    .then_some("50% done; see O'Brien")
            ),
            "eTag" => json!(format!(
                "\"{{{}}},{}\"",
                tag(self.place.drive, self.number),
                1 + self.first(8, 9) + item.counted("changes")
            )),
            "cTag" => json!(format!(
                "\"c:{{{}}},{}\"",
                tag(self.place.drive, self.number),
                self.first(8, 9) + item.counted("contents")
            )),
            "webUrl" => json!(format!(
                "{}{}",
                web_root(self.place),
                self.place.drive.path(self.number)
            )),
            "webDavUrl" => json!(format!(
                "{}{}",
                web_root(self.place),
                self.place.drive.path(self.number)
            )),
            "fileSystemInfo" if item.set(name).is_some() => {
                item.set(name).cloned().unwrap_or(Value::Null)
            }
            "fileSystemInfo" => {
                let known = self.number.is_multiple_of(4) && !item.is_made();
                let read = known.then(|| time::show(item.modified + DAY));
                json!({"createdDateTime": time::show(self.created()), "lastModifiedDateTime": time::show(item.modified), "lastAccessedDateTime": read})
            }
            "parentReference" => self.parent_reference(),
            other => self.facet(other),
        }
    }

    fn annotations(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }
}

/// `business` or `documentLibrary`.
pub fn drive_type(drive: &Drive) -> &'static str {
    if drive.owner == Owner::Site {
        "documentLibrary"
    } else {
        "business"
    }
}

/// Where a browser finds the drive.
pub fn web_root(place: Place) -> String {
    match place.drive.owner {
        Owner::User(user) => {
            let folder = place.users[user].upn.replace(['@', '.', '\''], "_");
            let library = if place.drive.name == "OneDrive" {
                "Documents"
            } else {
                "Old"
            };
            format!("https://contoso-my.sharepoint.com/personal/{folder}/{library}")
        }
        Owner::Site => format!(
            "https://contoso.sharepoint.com/{}",
            percent_encode(place.drive.name)
        ),
    }
}

/// How much a drive may hold.
const TOTAL: u64 = 1_099_511_627_776;

/// What lies in the recycle bin, which counts against the quota until it is emptied.
fn in_bin(drive: &Drive) -> u64 {
    let gone = drive.items.iter().filter(|item| item.is_gone());
    gone.map(|item| item.size).sum()
}

/// How much more fits into a drive.
pub fn remaining(drive: &Drive) -> u64 {
    TOTAL - drive.items[0].size - in_bin(drive)
}

/// The drive resource itself.
pub fn drive(place: Place) -> Map<String, Value> {
    let drive = place.drive;
    let owner = place.owner_identity();
    let used = drive.items[0].size;
    let deleted = in_bin(drive);
    let mut value = json!({
        "id": drive.id, "name": drive.name, "driveType": drive_type(drive), "owner": owner, "webUrl": web_root(place),
        "createdDateTime": "2024-12-01T10:00:00Z", "lastModifiedDateTime": time::show(drive.items.iter().map(|item| item.modified).max().unwrap_or(0)),
        "description": if drive.number.is_multiple_of(3) { Some("") } else { None },
        "createdBy": {"user": {"displayName": "System Account"}},
        "quota": {"deleted": deleted, "remaining": remaining(drive), "state": "normal", "total": TOTAL, "used": used},
    });
    match drive.number {
        // What an archive was restored from another tenant with.
        _ if drive.name.starts_with("Old") => {
            for name in ["createdBy", "owner", "quota", "webUrl", "driveType"] {
                value[name] = Value::Null;
            }
        }
        odd if odd % 2 == 1 => {
            value["eTag"] = json!(format!("\"{odd},1\""));
            value["lastModifiedBy"] = place.users[0].identity();
            value["parentReference"] = facets::reference(odd as u64);
            value["sharePointIds"] = value["parentReference"]["sharepointIds"].clone();
            value["quota"]["storagePlanInformation"] = json!({"upgradeAvailable": true});
        }
        _ => {}
    }
    if let Value::Object(map) = value {
        map
    } else {
        Map::new()
    }
}
