//! The pieces of an upload: which part of the file a PUT brings, and whether it is the one that comes next (FACTS 3.4).

use http::HeaderMap;

use super::refuse;
use crate::demo::error::{Answer, Fault};

/// Pieces are multiples of this, but for the last.
const STEP: u64 = 320 << 10;
/// A piece is smaller than this.
const MOST: u64 = 60 << 20;

/// What one PUT brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The first byte.
    pub from: u64,
    /// The byte after the last.
    pub end: u64,
    /// The size of the whole file.
    pub total: u64,
}

impl Piece {
    /// By `Content-Range: bytes a-b/total`, which must fit the length of the body.
    pub fn of(headers: &HeaderMap, length: usize) -> Answer<Piece> {
        let said = headers.get("Content-Range");
        let said = said.and_then(|said| said.to_str().ok());
        let piece = said.and_then(parsed);
        let piece = piece.ok_or_else(|| refuse("Missing or malformed Content-Range header."))?;
        if piece.end - piece.from != length as u64 {
            return Err(refuse(
                "The Content-Range header length does not match the provided number of bytes.",
            ));
        }
        if length as u64 >= MOST {
            // FACTS has no code for it.
            return Err(Fault::new(
                413,
                "invalidRequest",
                "The fragment is too large.",
            ));
        }
        if piece.end < piece.total && !length.is_multiple_of(STEP as usize) {
            return Err(refuse("A fragment must be a multiple of 320 KiB."));
        }
        Ok(piece)
    }

    /// 416 unless so many bytes are there before it; 400 for another total than before.
    pub fn follows(&self, received: u64, total: Option<u64>) -> Answer<()> {
        if total.is_some_and(|total| total != self.total) {
            return Err(refuse(
                "The total size differs from that of earlier fragments.",
            ));
        }
        match self.from == received {
            true => Ok(()),
            false => Err(Fault::new(
                416,
                "invalidRange",
                "The fragment is not the one that is expected next.",
            )),
        }
    }

    /// Is the file whole with it?
    pub fn is_last(&self) -> bool {
        self.end == self.total
    }
}

fn parsed(text: &str) -> Option<Piece> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (from, to) = range.split_once('-')?;
    let (from, to, total): (u64, u64, u64) =
        (from.parse().ok()?, to.parse().ok()?, total.parse().ok()?);
    (from <= to && to < total).then_some(Piece {
        from,
        end: to + 1,
        total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(range: &str, length: usize) -> u16 {
        let mut headers = HeaderMap::new();
        headers.insert("Content-Range", range.parse().expect("a value"));
        Piece::of(&headers, length).map_or_else(|fault| fault.status, |_| 200)
    }

    #[test]
    fn ranges() {
        for (range, length, wanted) in [
            ("bytes 0-2/3", 3, 200),
            ("bytes 0-327679/327681", 327_680, 200),
            ("bytes 0-327678/327681", 327_679, 400),
            ("bytes 0-2/3", 2, 400),
            ("bytes 0-3/3", 4, 400),
            ("bytes 2-1/3", 0, 400),
            ("bytes 0-2/*", 3, 400),
            ("0-2/3", 3, 400),
            ("bytes 0-62914559/62914560", 62_914_560, 413),
            ("bytes 0-62914558/62914559", 62_914_559, 200),
        ] {
            assert_eq!(status(range, length), wanted, "{range}");
        }
    }
}
