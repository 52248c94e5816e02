//! How the rows of a table are made, changed and removed: which request, and what its body holds.

/// What can be written to a table; a table without it is read-only.
#[derive(Debug)]
pub struct Writes {
    /// The ways to make a row: the first one whose placeholders the statement fills.
    pub insert: &'static [Way],
    /// How a row is changed; its path is the row's own.
    pub update: Option<Way>,
    /// How a row is removed.
    pub delete: Option<Way>,
    /// A column whose change is a request of its own: moving the item to where the new value says.
    pub moves: Option<Moves>,
    /// Properties that INSERT and UPDATE may set.
    pub settable: &'static [&'static str],
    /// Properties that INSERT alone may set.
    pub only_new: &'static [&'static str],
    /// Properties that UPDATE alone may set.
    pub only_old: &'static [&'static str],
    /// Properties that INSERT must give.
    pub required: &'static [&'static str],
    /// Collections that may be written as lists with `;` or `,` in place of their JSON.
    pub lists: &'static [(&'static str, List)],
    /// What the body of a new item holds beside the columns: a property, and its value as JSON.
    pub constants: &'static [(&'static str, &'static str)],
    /// Properties of a row without which it cannot be written to, beside its key: they are read with it.
    pub told: &'static [&'static str],
    /// A property of at most so many bytes; the procedure takes more.
    pub largest: Option<(&'static str, usize, &'static str)>,
    /// A property that makes a second request with the same value have no effect: it is filled in, so that
    /// a new item may be sent again when nobody knows what became of the first request.
    pub transaction: Option<&'static str>,
    /// A change must name the version that was read (`If-Match`, FACTS §3.5).
    pub if_match: bool,
    /// The least privileged delegated permission, for the hint on a 403.
    pub permission: &'static str,
    /// A statement, for the documentation, which shows what it sends.
    pub example: &'static str,
}

impl Writes {
    /// Nothing can be written; an entry says what can.
    pub const NONE: Writes = Writes {
        insert: &[],
        update: None,
        delete: None,
        moves: None,
        settable: &[],
        only_new: &[],
        only_old: &[],
        required: &[],
        lists: &[],
        constants: &[],
        told: &[],
        largest: None,
        transaction: None,
        if_match: false,
        permission: "",
        example: "",
    };
}

impl Writes {
    /// Whether INSERT may give a property.
    pub fn by_insert(&self, path: &str) -> bool {
        self.settable.contains(&path) || self.only_new.contains(&path)
    }

    /// Whether UPDATE may set a property.
    pub fn by_update(&self, path: &str) -> bool {
        self.settable.contains(&path)
            || self.only_old.contains(&path)
            || self.moves.is_some_and(|moves| moves.column == path)
    }

    /// What a property may be written as beside its JSON.
    pub fn list(&self, path: &str) -> Option<List> {
        let found = self.lists.iter().find(|(listed, _)| *listed == path);
        found.map(|(_, list)| *list)
    }
}

/// One request: a path with the placeholders of a [`super::Route`], and a body.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The method.
    pub verb: Verb,
    /// The path; `{name}` is `{owner}`, an input, or a property that the statement gives or the row has.
    pub path: &'static str,
    /// The body.
    pub payload: Payload,
}

/// An HTTP method that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// POST
    Post,
    /// PATCH
    Patch,
    /// PUT
    Put,
    /// DELETE
    Delete,
}

impl Verb {
    /// The method's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What a request's body is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// There is none.
    None,
    /// The columns that are given, as properties.
    Properties,
    /// A reference to the directory object whose id this column gives (FACTS §3.3).
    Reference(&'static str),
    /// The value of this column, which is JSON.
    Whole(&'static str),
    /// The licence whose SKU this column gives, to be assigned (FACTS §3.3).
    AddLicense(&'static str),
    /// The licence whose SKU this column gives, to be taken away.
    RemoveLicense(&'static str),
}

/// Moving by changing a column.
#[derive(Clone, Copy, Debug)]
pub struct Moves {
    /// The property that says where the item is.
    pub column: &'static str,
    /// The request's path.
    pub path: &'static str,
    /// The property of the body that says where to.
    pub destination: &'static str,
}

/// Makes a row by posting its properties.
pub const fn post(path: &'static str) -> Way {
    Way {
        verb: Verb::Post,
        path,
        payload: Payload::Properties,
    }
}

/// Changes a row by sending the properties that change.
pub const fn patch(path: &'static str) -> Way {
    Way {
        verb: Verb::Patch,
        path,
        payload: Payload::Properties,
    }
}

/// Removes a row.
pub const fn delete(path: &'static str) -> Way {
    Way {
        verb: Verb::Delete,
        path,
        payload: Payload::None,
    }
}

/// What a collection may be written as beside its JSON: a list of texts with `;` or `,` between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Texts.
    Texts,
    /// `{"emailAddress": {"address": …, "name": …}}`, written `Name <address>` or as the address alone.
    Recipients,
    /// Recipients with `"type": "required"`.
    Attendees,
    /// `{"address": …, "name": …}`.
    Addresses,
}
