//! FetchAdditionalUserFields: what Graph gives of one user at a time only (FACTS §1.4).

use serde_json::{Map, Value as Json};

use super::{USER_PRINCIPAL_NAME, user};
use crate::catalog::Type;
use crate::graph::change::Sent;
use crate::procs::{
    Arguments, Outcome, Output, Parameter, Procedure, Record, Runner, STATUS, USER_ID, output,
    parameter, success,
};
use crate::value::Value;

/// Fields that cost the same: read together, in a request of their own, since each group needs another
/// permission.
struct Tier {
    /// The parameter that asks for it.
    switch: &'static str,
    /// Whether it is read when nothing is said.
    is_default: bool,
    /// The properties, in Graph's spelling.
    properties: &'static [&'static str],
}

const TIERS: &[Tier] = &[
    Tier {
        switch: "T1",
        is_default: true,
        properties: &[
            "aboutMe",
            "birthday",
            "hireDate",
            "interests",
            "mySite",
            "pastProjects",
            "preferredName",
            "responsibilities",
            "schools",
            "skills",
        ],
    },
    Tier {
        switch: "T2",
        is_default: false,
        properties: &["mailboxSettings"],
    },
    Tier {
        switch: "T3",
        is_default: false,
        properties: &["signInActivity"],
    },
];

const fn switch(name: &'static str, doc: &'static str) -> Parameter {
    parameter(name, Type::Boolean, doc)
}

const fn field(name: &'static str, ty: Type, doc: &'static str) -> Output {
    output(name, ty, doc)
}

/// Reads the slow fields of a user.
pub static FETCH_ADDITIONAL_USER_FIELDS: Procedure = Procedure {
    name: "FetchAdditionalUserFields",
    doc: "Reads what Graph gives of one user at a time only: the profile, the mailbox's settings, the sign-ins.",
    parameters: &[
        USER_ID,
        USER_PRINCIPAL_NAME,
        switch("T1", "The profile, true by default."),
        switch(
            "T2",
            "The mailbox's settings, which need MailboxSettings.Read.",
        ),
        switch(
            "T3",
            "The sign-ins, which need AuditLog.Read.All, an Entra P1 licence, and UserId to be the user's id.",
        ),
    ],
    positional: &["UserId"],
    outputs: &[
        STATUS,
        field("Id", Type::Text, "The user's id."),
        field("AboutMe", Type::Text, "What the user says of themselves."),
        field("Birthday", Type::Text, "The birthday."),
        field("HireDate", Type::Text, "When the user was hired."),
        field("Interests", Type::Json, "Interests, as an array of texts."),
        field("MySite", Type::Text, "The address of the user's own site."),
        field(
            "PastProjects",
            Type::Json,
            "Past projects, as an array of texts.",
        ),
        field(
            "PreferredName",
            Type::Text,
            "How the user wants to be called.",
        ),
        field(
            "Responsibilities",
            Type::Json,
            "Responsibilities, as an array of texts.",
        ),
        field("Schools", Type::Json, "Schools, as an array of texts."),
        field("Skills", Type::Json, "Skills, as an array of texts."),
        field(
            "MailboxSettings",
            Type::Json,
            "The mailbox's settings, with T2.",
        ),
        field("SignInActivity", Type::Json, "The last sign-ins, with T3."),
    ],
    permission: "User.Read.All",
    app_permission: "User.Read.All",
    reads: true,
    example: "EXEC FetchAdditionalUserFields UserPrincipalName = 'adele@contoso.com'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let path = user(arguments)?;
    let mut record: Record = Vec::new();
    for tier in TIERS {
        let wanted = arguments.boolean(tier.switch).unwrap_or(tier.is_default);
        if wanted {
            let found = read(runner, &path, tier)?;
            record.extend(found);
        }
    }
    Ok(success(record))
}

fn read(runner: &Runner<'_>, path: &str, tier: &Tier) -> Sent<Record> {
    let names = tier.properties.join(",");
    let body = runner.read(&format!("{path}?$select=id,{names}"))?;
    let members: Map<String, Json> = match body {
        Json::Object(members) => members,
        _ => Map::new(),
    };
    let outputs = FETCH_ADDITIONAL_USER_FIELDS.outputs.iter();
    // The id comes with the first tier that is read.
    let found = outputs.filter_map(|output| {
        let mut named = members.iter();
        let (_, value) = named.find(|(name, _)| output.name.eq_ignore_ascii_case(name))?;
        Some((output.name, cell(value)))
    });
    Ok(found.collect())
}

fn cell(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::String(text) => Value::text(text.as_str()),
        other => Value::text(other.to_string()),
    }
}
