//! Points in time in every spelling people and programs use, near one that occurs.

use office365::instant::Instant;

use crate::random::Random;

/// A constant near `text`, as SQL.
pub fn spelled(random: &mut Random, text: &str) -> String {
    let instant = Instant::parse(text)
        .or_else(|| Instant::parse("2026-01-15T10:00:00Z"))
        .expect("a point in time");
    let moved = instant.plus_seconds(*random.pick(&[0, 0, 0, 0, 1, -1, 3_600, -86_400, 864_000]));
    let (year, month, day, hour, minute, second) = moved.civil();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    let millis = moved.seconds * 1000 + i64::from(moved.nanos) / 1_000_000;
    let fraction = random.pick(&["", "", "", ".5", ".123", ".9999999", ".000"]);
    let east = moved.plus_seconds(19_800).to_string();
    let west = moved.plus_seconds(-28_800).to_string();
    match random.below(20) {
        0..=3 => format!("'{date} {time}{fraction}'"),
        4..=6 => format!("'{date}T{time}{fraction}Z'"),
        7 => format!("'{east}+05:30'"),
        8 => format!("'{west}-0800'"),
        9 => format!("'{date}'"),
        10 => format!("'{date}T{hour:02}:{minute:02}'"),
        11 => millis.to_string(),
        12 => format!("'{millis}'"),
        13 => format!("datetime('{date} {time}')"),
        14 => format!("datetime('{date} {time}', '-7 days')"),
        15 => format!("'{year:04}'"),
        16 => format!("'{date} {time}junk'"),
        17 => random
            .pick(&[
                "'0001-01-01'",
                "'9999-12-31'",
                "'soon'",
                "''",
                "'0000-00-00'",
                "'1899-12-31'",
            ])
            .to_string(),
        18 => format!("'{text}'"),
        _ => format!("'{date}t{time}z'"),
    }
}
