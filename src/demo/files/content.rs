//! File content: a redirect to an address that proves itself and takes no token (FACTS 1.6, 3.4).

use http::HeaderMap;

use super::now::Drives;
use super::row::{ItemRow, Place};
use crate::demo::call::Call;
use crate::demo::download;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::world::drives::Kind;

/// `…/content`: 302, for files only.
pub fn redirect(call: &Call, place: Place, item: usize) -> Answer<Reply> {
    if place.drive.items[item].kind != Kind::File {
        return Err(Fault::new(
            400,
            "invalidRequest",
            "You cannot get content for a folder.",
        ));
    }
    let row = ItemRow {
        place,
        number: item,
        origin: &call.origin,
        pathless: false,
    };
    let tag = row.property("eTag");
    Ok(Reply::empty(302)
        .header("Location", row.download_url())
        .header("ETag", tag.as_str().unwrap_or_default()))
}

/// `/download/{drive}/{item}?tempauth=…`: outside of Graph; an Authorization header is refused, because a token must not travel there.
pub fn file(path: &str, query: &str, headers: &HeaderMap, drives: &Drives) -> Answer<Reply> {
    let key = path.trim_start_matches("/download/");
    download::check(
        headers,
        query,
        &download::sealed("tempauth", "download", key),
    )?;
    let (drive, item) = key.split_once('/').unwrap_or((key, ""));
    let drive = drive
        .parse()
        .ok()
        .and_then(|number: usize| drives.iter().nth(number));
    let found = drive
        .zip(item.parse::<usize>().ok())
        .filter(|(drive, item)| {
            let item = drive.items.get(*item);
            item.is_some_and(|item| !item.is_gone())
        });
    let (drive, item) =
        found.ok_or_else(|| Fault::new(404, "itemNotFound", "The resource could not be found."))?;
    ranged(&drive.content(item), headers)
}

/// The whole, or `Range: bytes=a-b` of it.
fn ranged(bytes: &[u8], headers: &HeaderMap) -> Answer<Reply> {
    let range = headers
        .get("Range")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("bytes="));
    let Some((from, to)) = range.and_then(|range| range.split_once('-')) else {
        return Ok(Reply::bytes("application/octet-stream", bytes.to_vec())
            .header("Accept-Ranges", "bytes"));
    };
    let last = bytes.len().saturating_sub(1);
    let (from, to) = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), Ok(to)) => (from, to.min(last)),
        (Ok(from), Err(_)) => (from, last),
        (Err(_), Ok(tail)) => (bytes.len().saturating_sub(tail), last),
        _ => (1, 0),
    };
    if from > to || from >= bytes.len() {
        return Err(Fault::new(
            416,
            "invalidRange",
            "The requested range is not satisfiable.",
        )
        .header("Content-Range", format!("bytes */{}", bytes.len())));
    }
    let mut reply = Reply::bytes("application/octet-stream", bytes[from..=to].to_vec());
    reply.status = 206;
    Ok(reply.header(
        "Content-Range",
        format!("bytes {from}-{to}/{}", bytes.len()),
    ))
}
