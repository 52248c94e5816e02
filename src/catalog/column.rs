//! A column: where its value comes from, its type, and what the endpoint can do with it.

/// One column of a table. Made by [`text`], [`boolean`] … and the methods that follow them.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The property, `/` between the levels (`from/emailAddress/address`); an input's own name.
    pub path: &'static str,
    /// The SQL name, where it does not follow from the path.
    pub named: Option<&'static str>,
    /// The type of its values.
    pub ty: Type,
    /// One sentence.
    pub doc: &'static str,
    /// Where values come from.
    pub source: Source,
    /// The property that tells an input's value where none was asked for.
    pub known: Option<&'static str>,
    /// The table whose key the values are, and which an input's values can be taken from.
    pub references: Option<&'static str>,
    /// Hidden columns are not in `SELECT *`.
    pub hidden: bool,
    /// When the property is asked for.
    pub fetch: Fetch,
    /// What `$filter` can do with it.
    pub operators: Operators,
    /// Whether `$orderby` takes it, and in which mode.
    pub sort: Mode,
    /// May stand in a mail filter beside `$orderby` (FACTS §2.2).
    pub pairs: bool,
    /// Never null, so that a filter on it which holds for every value loses no row.
    pub always: bool,
    /// Large: pages that carry it are kept small.
    pub heavy: bool,
    /// Returned by the endpoint but refused in `$select`: asking for it drops `$select` whole.
    pub unselectable: bool,
    /// A relationship, which comes only with `$expand`.
    pub expanded: bool,
    /// A filter on it can stand beside no other.
    pub alone: bool,
}

/// The type of a column's values (contract §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Edm.String, Edm.Guid and whatever is text.
    Text,
    /// One of these names; services may add more.
    Enum(&'static [&'static str]),
    /// 0 or 1.
    Boolean,
    /// Edm.Int16, Edm.Int32.
    Integer,
    /// Edm.Int64.
    Long,
    /// Edm.Double, Edm.Single, Edm.Decimal.
    Double,
    /// Edm.DateTimeOffset: UTC text that compares by instant.
    Instant,
    /// The `dateTime` of a dateTimeTimeZone: local time there, UTC text here.
    Zoned,
    /// Edm.Date.
    Date,
    /// Edm.Duration, Edm.TimeOfDay: as Graph writes them.
    Time,
    /// A collection or an open object, as JSON text.
    Json,
    /// Bytes.
    Blob,
}

/// Where a column's values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The property named by the path.
    Property,
    /// The row echoes what was asked for.
    Input(Role),
    /// The names on the way from the root of the table's tree.
    TreePath,
    /// The path of a drive item, from its parent's path and its name.
    DrivePath,
    /// The first of two numbers less the second.
    Difference(&'static str, &'static str),
    /// A property of the element ([`super::Rows::Elements`]); without a path, the element itself.
    Element,
    /// The name of the element in an open object.
    ElementName,
    /// Which of the item's collections the element is in.
    Kind,
    /// The number of the element in its collection, or of the slot in its schedule, from 1.
    Ordinal,
    /// When a slot begins.
    SlotStart,
    /// When a slot ends.
    SlotEnd,
    /// What a slot is: free, tentative, busy, oof or workingElsewhere.
    SlotStatus,
}

/// What an input column decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Whose mailbox or drive: `UserId`, and the hidden `mailbox`.
    Mailbox,
    /// Which folder: an id, a well-known name or a path.
    Folder,
    /// Which drive: an owner in place of the mailbox.
    Drive,
    /// Which site: an id, `root`, or `host:/path`.
    Site,
    /// Which other parent, or what else a path or a body has to be filled with: the column's name.
    Parent(&'static str),
    /// Start of the window.
    WindowStart,
    /// End of the window.
    WindowEnd,
    /// Raw OData, ANDed to what the driver sends.
    Filter,
    /// The column named like the table: `MATCH`.
    Match,
}

/// When a property is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// In the collection's `$select` whenever the statement may use it.
    List,
    /// In the collection's `$select` only when the statement surely uses it (privileged ones). The
    /// column must be among the first 63: SQLite tells the use of the others only as a whole.
    Asked,
    /// Never in a collection: item by item, at the first use of the value.
    Item,
}

/// In which mode of the service something works (FACTS §1.4; Outlook knows the default mode only).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Not at all.
    No,
    /// In every request.
    Default,
    /// With `ConsistencyLevel: eventual` and `$count=true` only.
    Advanced,
}

/// What `$filter` can do with a property: the columns of FACTS' table, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operators {
    /// `eq`
    pub eq: Mode,
    /// `in`
    pub list: Mode,
    /// `ne`, `not`
    pub ne: Mode,
    /// `ge`, `le` (and `gt`, `lt` on Outlook)
    pub range: Mode,
    /// `startswith`
    pub starts_with: Mode,
    /// `eq null`, `ne null`
    pub null: Mode,
    /// `endswith`
    pub ends_with: Mode,
}

const NO_OPERATORS: Operators = Operators {
    eq: Mode::No,
    list: Mode::No,
    ne: Mode::No,
    range: Mode::No,
    starts_with: Mode::No,
    null: Mode::No,
    ends_with: Mode::No,
};

const fn column(path: &'static str, ty: Type, doc: &'static str) -> Column {
    Column {
        path,
        named: None,
        ty,
        doc,
        source: Source::Property,
        known: None,
        references: None,
        hidden: false,
        fetch: Fetch::List,
        operators: NO_OPERATORS,
        sort: Mode::No,
        pairs: false,
        always: false,
        heavy: false,
        unselectable: false,
        expanded: false,
        alone: false,
    }
}

/// A text property.
pub const fn text(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Text, doc)
}

/// A property that is one of some names.
pub const fn enumeration(
    path: &'static str,
    members: &'static [&'static str],
    doc: &'static str,
) -> Column {
    column(path, Type::Enum(members), doc)
}

/// A true-or-false property.
pub const fn boolean(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Boolean, doc)
}

/// A property of at most 32 bits.
pub const fn integer(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Integer, doc)
}

/// A property of 64 bits.
pub const fn long(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Long, doc)
}

/// A floating-point property.
pub const fn double(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Double, doc)
}

/// A point in time.
pub const fn instant(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Instant, doc)
}

/// The `dateTime` part of a dateTimeTimeZone (path ends in `/dateTime`).
pub const fn zoned(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Zoned, doc)
}

/// A calendar date.
pub const fn date(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Date, doc)
}

/// A duration or a time of day.
pub const fn time(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Time, doc)
}

/// A collection or open object.
pub const fn json(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Json, doc)
}

/// Bytes.
pub const fn blob(path: &'static str, doc: &'static str) -> Column {
    column(path, Type::Blob, doc)
}

/// A parameter of the request, echoed in the rows.
pub const fn input(name: &'static str, role: Role, doc: &'static str) -> Column {
    let mut made = column(name, Type::Text, doc);
    made.source = Source::Input(role);
    made
}

/// Which parent's rows, echoed in the rows: `table` has the values.
pub const fn parent(name: &'static str, table: &'static str, doc: &'static str) -> Column {
    input(name, Role::Parent(name), doc).references(table)
}

/// The number of an element in its collection, or of a slot in its schedule.
pub const fn ordinal(name: &'static str, doc: &'static str) -> Column {
    let mut made = computed(name, Source::Ordinal, doc);
    made.ty = Type::Integer;
    made
}

/// A value made from others.
pub const fn computed(name: &'static str, source: Source, doc: &'static str) -> Column {
    let mut made = column(name, Type::Text, doc);
    made.source = source;
    made
}

/// The first of two whole numbers less the second.
pub const fn difference(
    name: &'static str,
    from: &'static str,
    less: &'static str,
    doc: &'static str,
) -> Column {
    let mut made = column(name, Type::Integer, doc);
    made.source = Source::Difference(from, less);
    made
}

impl Column {
    /// The SQL name: the path with `_` between the levels, or what the entry says.
    pub fn name(&self) -> String {
        match self.named {
            Some(name) => name.to_owned(),
            // The columns of a file: `Storage Used (Byte)` is StorageUsedByte.
            None if self.path.contains(' ') => self
                .path
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect(),
            None => self.path.replace('/', "_"),
        }
    }

    /// The SQL name, where it does not follow from the path.
    pub const fn named(mut self, name: &'static str) -> Self {
        self.named = Some(name);
        self
    }

    /// The property that tells the value of an input where none was asked for.
    pub const fn known(mut self, path: &'static str) -> Self {
        self.known = Some(path);
        self
    }

    /// The table whose key the values are.
    pub const fn references(mut self, table: &'static str) -> Self {
        self.references = Some(table);
        self
    }

    /// A property of the element, not of the item.
    pub const fn of_element(mut self) -> Self {
        self.source = Source::Element;
        self
    }

    /// An annotation, which comes without being selected.
    pub fn is_annotation(&self) -> bool {
        self.path.starts_with('@')
    }

    /// The property to name in `$select`: the first level of the path.
    pub fn selected(&self) -> &'static str {
        self.path.split('/').next().unwrap_or(self.path)
    }

    /// Not in `SELECT *`.
    pub const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Hidden, and asked for only when surely used.
    pub const fn asked(mut self) -> Self {
        self.hidden = true;
        self.fetch = Fetch::Asked;
        self
    }

    /// Hidden, and fetched item by item.
    pub const fn item_only(mut self) -> Self {
        self.hidden = true;
        self.fetch = Fetch::Item;
        self
    }

    /// The operators in FACTS' notation: `eq in ne range startswith null endswith`, each `-` (no),
    /// `d` (default mode) or `a` (advanced mode), for instance `"d d a d d a -"`.
    pub const fn ops(mut self, notation: &str) -> Self {
        let bytes = notation.as_bytes();
        assert!(bytes.len() == 13, "seven letters, a blank between them");
        self.operators = Operators {
            eq: mode_of(bytes[0]),
            list: mode_of(bytes[2]),
            ne: mode_of(bytes[4]),
            range: mode_of(bytes[6]),
            starts_with: mode_of(bytes[8]),
            null: mode_of(bytes[10]),
            ends_with: mode_of(bytes[12]),
        };
        self
    }

    /// `$orderby` takes it in this mode.
    pub const fn sorts(mut self, mode: Mode) -> Self {
        self.sort = mode;
        self
    }

    /// May stand in a mail filter beside `$orderby`.
    pub const fn pairs(mut self) -> Self {
        self.pairs = true;
        self
    }

    /// Never null.
    pub const fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// Large.
    pub const fn heavy(mut self) -> Self {
        self.heavy = true;
        self
    }

    /// Refused in `$select`.
    pub const fn unselectable(mut self) -> Self {
        self.unselectable = true;
        self
    }

    /// A filter on it can stand beside no other.
    pub const fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// Comes only with `$expand`.
    pub const fn expanded(mut self) -> Self {
        self.expanded = true;
        self
    }

    /// Neither filtered nor sorted by the service: for lists that are derived from another one.
    pub const fn local(mut self) -> Self {
        self.operators = NO_OPERATORS;
        self.sort = Mode::No;
        self.pairs = false;
        self
    }

    /// Whether the path is this one, also while compiling, where `==` on text is not to be had.
    pub const fn is(&self, path: &str) -> bool {
        let (own, other) = (self.path.as_bytes(), path.as_bytes());
        let mut at = 0;
        while at < own.len() && at < other.len() && own[at] == other[at] {
            at += 1;
        }
        at == own.len() && at == other.len()
    }
}

const fn mode_of(letter: u8) -> Mode {
    match letter {
        b'-' => Mode::No,
        b'd' => Mode::Default,
        b'a' => Mode::Advanced,
        _ => panic!("a mode is one of - d a"),
    }
}
