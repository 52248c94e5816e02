//! Stored procedures: what SQL can do beside reading and writing rows. One file a procedure: what it is
//! called, what goes in and comes out, what it needs, and what it does.
//!
//! A procedure is called from the function and the table of its name and by EXEC; all three come here.

mod arguments;
mod attach;
mod calendar;
mod directory;
mod files;
mod local;
mod mail;
mod raw_request;
mod runner;
mod sign_in;
mod subscriptions;
mod upload;

use serde_json::{Map, Value as Json, json};

use crate::catalog::Type;
use crate::error::Error;
use crate::value::Value;

pub use arguments::Arguments;
pub use runner::Runner;

use crate::graph::change::Sent;

/// Every procedure, in the order of the documentation.
pub static ALL: &[&Procedure] = &[
    &mail::send_mail::SEND_MAIL,
    &mail::send_notification::SEND_NOTIFICATION,
    &mail::forward_mail::FORWARD_MAIL,
    &mail::reply_to_message::REPLY_TO_MESSAGE,
    &mail::move_mail::MOVE_MAIL,
    &mail::copy_mail::COPY_MAIL,
    &mail::download_email::DOWNLOAD_EMAIL,
    &mail::get_mail_message::GET_MAIL_MESSAGE,
    &mail::download_attachments::DOWNLOAD_ATTACHMENTS,
    &mail::add_attachments::ADD_ATTACHMENTS,
    &mail::delete_attachment::DELETE_ATTACHMENT,
    &calendar::cancel_event::CANCEL_EVENT,
    &calendar::forward_event::FORWARD_EVENT,
    &calendar::respond_to_event::RESPOND_TO_EVENT,
    &calendar::dismiss_event_reminder::DISMISS_EVENT_REMINDER,
    &calendar::snooze_event_reminder::SNOOZE_EVENT_REMINDER,
    &files::upload_file::UPLOAD_FILE,
    &files::download_file::DOWNLOAD_FILE,
    &files::create_folder::CREATE_FOLDER,
    &files::move_file::MOVE_FILE,
    &files::copy_file::COPY_FILE,
    &directory::assign_license::ASSIGN_LICENSE,
    &directory::create_user::CREATE_USER,
    &directory::delete_user::DELETE_USER,
    &directory::revoke_sign_in_sessions::REVOKE_SIGN_IN_SESSIONS,
    &directory::fetch_additional_user_fields::FETCH_ADDITIONAL_USER_FIELDS,
    &directory::is_license_available::IS_LICENSE_AVAILABLE,
    &directory::get_available_license_count::GET_AVAILABLE_LICENSE_COUNT,
    &subscriptions::create_subscription::CREATE_SUBSCRIPTION,
    &subscriptions::renew_subscription::RENEW_SUBSCRIPTION,
    &subscriptions::delete_all_subscriptions::DELETE_ALL_SUBSCRIPTIONS,
    &raw_request::RAW_REQUEST,
    &sign_in::get_oauth_authorization_url::GET_OAUTH_AUTHORIZATION_URL,
    &sign_in::get_oauth_access_token::GET_OAUTH_ACCESS_TOKEN,
    &sign_in::refresh_oauth_access_token::REFRESH_OAUTH_ACCESS_TOKEN,
    &sign_in::get_admin_consent_url::GET_ADMIN_CONSENT_URL,
];

/// The procedure of this name, in capitals or not.
pub fn procedure(name: &str) -> Option<&'static Procedure> {
    ALL.iter()
        .copied()
        .find(|procedure| procedure.name.eq_ignore_ascii_case(name))
}

/// One procedure.
#[derive(Debug)]
pub struct Procedure {
    /// The SQL name, as CData spells it.
    pub name: &'static str,
    /// One sentence: what it does.
    pub doc: &'static str,
    /// What goes in, in documented order.
    pub parameters: &'static [Parameter],
    /// The parameters that the function takes by place.
    pub positional: &'static [&'static str],
    /// What comes out.
    pub outputs: &'static [Output],
    /// The least privileged delegated permission; empty where Graph is not asked.
    pub permission: &'static str,
    /// The least privileged application permission; empty where applications are refused.
    pub app_permission: &'static str,
    /// It only reads: a read-only connection may call it.
    pub reads: bool,
    /// A call, for the documentation.
    pub example: &'static str,
    /// Does it.
    pub run: Run,
}

/// What a procedure gives: a record, or several.
pub type Outcome = Sent<Vec<Record>>;
/// Outputs with their values.
pub type Record = Vec<(&'static str, Value)>;
/// A procedure's body.
pub type Run = fn(&Arguments, &mut Runner<'_>) -> Outcome;

/// What goes into a procedure.
#[derive(Debug)]
pub struct Parameter {
    /// The name, as CData spells it.
    pub name: &'static str,
    /// The type of its values.
    pub ty: Type,
    /// It must be given.
    pub required: bool,
    /// Its value is not for logs, lists and errors.
    pub secret: bool,
    /// One sentence.
    pub doc: &'static str,
}

impl Parameter {
    /// It must be given.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Its value is not for logs, lists and errors.
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}

/// A parameter of some type.
pub const fn parameter(name: &'static str, ty: Type, doc: &'static str) -> Parameter {
    Parameter {
        name,
        ty,
        required: false,
        secret: false,
        doc,
    }
}

/// A text parameter.
pub const fn text(name: &'static str, doc: &'static str) -> Parameter {
    parameter(name, Type::Text, doc)
}

/// Whose mailbox: what nearly every procedure takes.
pub const USER_ID: Parameter = text(
    "UserId",
    "Whose mailbox or drive, as an id or a user principal name; the connection's own where none is given.",
);

/// What comes out of a procedure.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// The name.
    pub name: &'static str,
    /// The type of its values.
    pub ty: Type,
    /// One sentence.
    pub doc: &'static str,
}

/// An output of some type.
pub const fn output(name: &'static str, ty: Type, doc: &'static str) -> Output {
    Output { name, ty, doc }
}

/// What every procedure says of its success.
pub const STATUS: Output = output(
    "Status",
    Type::Text,
    "Success; an error is an error of the statement, never a status.",
);
/// What was odd about a call that succeeded.
pub const WARNING: Output = output(
    "Warning",
    Type::Text,
    "What was odd about the call, NULL when nothing was.",
);

/// What a dry run gives beside its status.
static REQUESTS: Output = output(
    "Requests",
    Type::Json,
    "What would have been sent: method, path and body.",
);

/// The record of a procedure that gives nothing but its success.
pub fn success(more: Record) -> Vec<Record> {
    let mut record: Record = vec![("Status", Value::text("Success"))];
    record.extend(more);
    vec![record]
}

/// A text, or NULL of what JSON does not have.
pub fn text_of(json: &Json) -> Value {
    json.as_str().map_or(Value::Null, Value::text)
}

impl Procedure {
    /// Whether it asks the identity platform, which needs neither a permission nor a connection.
    pub fn signs_in(&self) -> bool {
        self.permission.is_empty()
    }

    /// The result as JSON: an object, or an array where there are several; bytes in base64.
    pub fn json(&self, records: &[Record]) -> Json {
        let objects: Vec<Json> = records.iter().map(|record| self.object(record)).collect();
        match <[Json; 1]>::try_from(objects) {
            Ok([one]) => one,
            Err(several) => Json::Array(several),
        }
    }

    fn object(&self, record: &Record) -> Json {
        let mut object = Map::new();
        for (name, value) in record {
            let ty = self.output(name).map(|output| output.ty);
            object.insert((*name).to_owned(), as_json(value, ty));
        }
        Json::Object(object)
    }

    /// The output of this name.
    pub fn output(&self, name: &str) -> Option<&'static Output> {
        let mut outputs = self.outputs.iter().chain([&REQUESTS]);
        outputs.find(|output| output.name == name)
    }

    /// An error that names the procedure.
    pub fn failed(&self, error: Error) -> Error {
        error.on(self.name)
    }
}

fn as_json(value: &Value, ty: Option<Type>) -> Json {
    use base64::Engine;
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) if ty == Some(Type::Boolean) => json!(*number != 0),
        Value::Integer(number) => json!(number),
        Value::Real(number) => json!(number),
        Value::Text(text) if ty == Some(Type::Json) => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
        Value::Text(text) => json!(text),
        Value::Blob(bytes) => json!(base64::engine::general_purpose::STANDARD.encode(bytes)),
    }
}

/// The id of what a call made.
pub fn new_id(records: &[Record]) -> Option<String> {
    let record = records.last()?;
    let (_, id) = record.iter().find(|(name, _)| *name == "Id")?;
    id.as_text().map(str::to_owned)
}

/// Calls a procedure with arguments that were checked.
///
/// # Errors
/// What is wrong with the arguments, or what Graph refused.
pub fn call(
    procedure: &'static Procedure,
    arguments: &Arguments,
    runner: &mut Runner<'_>,
) -> Outcome {
    let records = (procedure.run)(arguments, runner)?;
    let Some(requests) = runner.planned() else {
        return Ok(records);
    };
    let mut record: Record = vec![
        ("Status", Value::text("DryRun")),
        (REQUESTS.name, Value::text(requests.to_string())),
    ];
    let odd = records.into_iter().flatten();
    record.extend(odd.filter(|(name, _)| *name == WARNING.name));
    Ok(vec![record])
}
