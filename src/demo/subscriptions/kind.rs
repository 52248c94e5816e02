//! What can be watched, how long, and for which changes (FACTS 3.5).

/// What can be watched.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The longest life.
    pub minutes: i64,
    /// The changes of which it tells.
    pub changes: &'static [&'static str],
    /// The longest life with resource data; none where it has none.
    pub with_data: Option<i64>,
    /// The longest life without an address for lifecycle events.
    without_lifecycle: Option<i64>,
}

impl Kind {
    /// Shortens the life where it depends on what a subscription asks for.
    pub fn limit(&mut self, data: bool, lifecycle: bool) {
        if let Some(minutes) = self.with_data.filter(|_| data) {
            self.minutes = minutes;
        }
        if let Some(minutes) = self.without_lifecycle.filter(|_| !lifecycle) {
            self.minutes = minutes;
        }
    }
}

const ALL: &[&str] = &["created", "updated", "deleted"];

/// The lives and changes of FACTS 3.5.
pub fn kind(segments: &[&str]) -> Option<Kind> {
    let plain = |minutes: i64, changes: &'static [&'static str]| Kind {
        minutes,
        changes,
        with_data: None,
        without_lifecycle: None,
    };
    let own = match segments {
        ["me", rest @ ..] | ["users", _, rest @ ..] => rest,
        _ => &[],
    };
    let outlook = matches!(
        own,
        ["messages" | "events" | "contacts"]
            | ["mailFolders" | "mailfolders", _, "messages"]
            | ["contactFolders", _, "contacts"]
            | ["calendars", _, "events"]
    );
    if outlook {
        return Some(Kind {
            with_data: Some(1_440),
            ..plain(10_080, ALL)
        });
    }
    let teams = Kind {
        with_data: Some(4_320),
        without_lifecycle: Some(60),
        ..plain(4_320, ALL)
    };
    match (segments, own) {
        (
            ["users" | "groups"] | ["users" | "groups", _] | ["groups", _, "members" | "owners"],
            _,
        ) => Some(plain(41_760, &["updated", "deleted"])),
        (_, ["drive", "root"])
        | (["drives", _, "root"] | ["groups" | "sites", _, "drive", "root"], _)
        | (["sites", _, "lists", _], _) => Some(plain(42_300, &["updated"])),
        (["groups", _, "conversations" | "threads"], _) => Some(plain(4_230, ALL)),
        (_, ["todo", "lists", _, "tasks"]) => Some(plain(4_230, ALL)),
        (["teams" | "chats"] | ["teams" | "chats", _], _)
        | (["teams", _, "channels" | "members"] | ["teams", _, "channels", _, "messages"], _)
        | (["chats", _, "messages" | "members"], _) => Some(teams),
        (["communications", "presences", _], _) => Some(plain(60, &["updated"])),
        (["communications", "callRecords"], _) => Some(plain(4_230, ALL)),
        (["security", "alerts"], _) => Some(plain(43_200, &["updated"])),
        _ => None,
    }
}
