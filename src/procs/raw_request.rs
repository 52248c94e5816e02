//! RawRequest: any request below the version (seed 003).

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value as Json;

use super::{Arguments, Outcome, Procedure, Runner, STATUS, output, parameter, success, text};
use crate::catalog::Type;
use crate::error::Result;
use crate::graph::change::{Change, Sent};
use crate::odata::query_value;
use crate::value::Value;

const METHODS: &[&str] = &["GET", "POST", "PATCH", "PUT", "DELETE"];
const RESPONSES: &[&str] = &["json", "text", "binary"];
/// Between the parts of a form: nothing that occurs in them.
const BOUNDARY: &str = "office365-4f1c7a52-form-part";

/// Sends any request.
pub static RAW_REQUEST: Procedure = Procedure {
    name: "RawRequest",
    doc: "Sends any request to Graph, below its version.",
    parameters: &[
        text(
            "Path",
            "The path, such as me/messages; another host is refused.",
        )
        .required(),
        parameter("Method", Type::Enum(METHODS), "GET by default."),
        text("Data", "The body: JSON, or text with ContentType."),
        text(
            "ContentType",
            "The type of Data, application/json by default.",
        ),
        parameter(
            "QueryParameters",
            Type::Json,
            "A JSON object of query options.",
        ),
        parameter("Headers", Type::Json, "A JSON object of headers."),
        parameter(
            "FormData",
            Type::Json,
            "A JSON object of fields, sent as multipart/form-data.",
        ),
        parameter(
            "FileData",
            Type::Json,
            "A JSON object of files of the form: base64, or @path.",
        ),
        parameter(
            "ResponseType",
            Type::Enum(RESPONSES),
            "What Response is: json (the default), text or binary.",
        ),
        parameter(
            "MaxRetryCount",
            Type::Integer,
            "How often a request that failed is sent again beyond what is surely safe, 0 by default.",
        ),
        parameter(
            "RetryDelay",
            Type::Integer,
            "Milliseconds before each of these, 0 by default.",
        ),
        parameter(
            "RetryOnAllErrors",
            Type::Boolean,
            "Whether refusals are tried again too, false by default.",
        ),
        parameter(
            "ExponentialBackoff",
            Type::Boolean,
            "Whether the delay doubles, false by default.",
        ),
    ],
    positional: &["Path", "Method", "Data"],
    outputs: &[
        STATUS,
        output("StatusCode", Type::Integer, "The HTTP status."),
        output("Response", Type::Json, "The body of the answer."),
    ],
    permission: "that the documentation of this path names",
    app_permission: "that the documentation of this path names",
    reads: false,
    example: "EXEC RawRequest Path = 'me', QueryParameters = '{\"$select\": \"displayName\"}'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let change = change(arguments, runner)?;
    let Some(reply) = repeated(arguments, runner, &change)? else {
        return Ok(success(Vec::new()));
    };
    let kind = arguments
        .text("ResponseType")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let response = match kind.as_str() {
        "binary" => Value::Blob(reply.body.to_vec().into()),
        _ if reply.body.is_empty() => Value::Null,
        _ => Value::text(String::from_utf8_lossy(&reply.body).into_owned()),
    };
    Ok(success(vec![
        ("StatusCode", Value::Integer(reply.status.into())),
        ("Response", response),
    ]))
}

fn change(arguments: &Arguments, runner: &Runner<'_>) -> Result<Change> {
    let method = arguments
        .text("Method")
        .unwrap_or_else(|| "GET".to_owned())
        .to_ascii_uppercase();
    let method = http::Method::from_bytes(method.as_bytes())
        .map_err(|_| arguments.wrong("Method is no HTTP method"))?;
    let mut path = path(arguments)?;
    for (n, (name, value)) in object(arguments, "QueryParameters")?
        .into_iter()
        .enumerate()
    {
        let separator = if n == 0 && !path.contains('?') {
            '?'
        } else {
            '&'
        };
        path = format!(
            "{path}{separator}{}={}",
            query_value(&name),
            query_value(&plain(&value))
        );
    }
    let reads = method == http::Method::GET;
    let mut change = runner.to(method, &path);
    change.repeatable = reads;
    for (name, value) in object(arguments, "Headers")? {
        if ["authorization", "host", "content-length"].contains(&name.to_ascii_lowercase().as_str())
        {
            return Err(arguments.wrong(format!("the header {name} is the driver's own")));
        }
        change.headers.push((name.into(), plain(&value)));
    }
    change.content = content(arguments)?;
    Ok(change)
}

/// The path below the version: of the Graph host, and not beyond.
fn path(arguments: &Arguments) -> Result<String> {
    let path = arguments.required("Path")?;
    let below = path.trim_start_matches('/');
    let below = below.strip_prefix("v1.0/").unwrap_or(below);
    let only_path = below.split(['?', '#']).next().unwrap_or(below);
    let leaves = only_path.contains("://")
        || only_path
            .split('/')
            .any(|segment| matches!(segment, "." | ".."));
    match leaves {
        true => Err(arguments
            .wrong("the path leaves Graph's version")
            .next("Give a path such as me/messages")),
        false => Ok(below.to_owned()),
    }
}

fn object(arguments: &Arguments, name: &str) -> Result<Vec<(String, Json)>> {
    let Some(text) = arguments.text(name) else {
        return Ok(Vec::new());
    };
    match serde_json::from_str(&text) {
        Ok(Json::Object(members)) => Ok(members.into_iter().collect()),
        _ => Err(arguments.wrong(format!("{name} is no JSON object"))),
    }
}

fn plain(json: &Json) -> String {
    json.as_str()
        .map_or_else(|| json.to_string(), str::to_owned)
}

/// The body and its type.
fn content(arguments: &Arguments) -> Result<Option<(String, Bytes)>> {
    let fields = object(arguments, "FormData")?;
    let files = object(arguments, "FileData")?;
    if !fields.is_empty() || !files.is_empty() {
        return form(arguments, &fields, &files).map(Some);
    }
    let Some(data) = arguments.text("Data") else {
        return Ok(None);
    };
    let kind = arguments
        .text("ContentType")
        .unwrap_or_else(|| "application/json".to_owned());
    if kind.starts_with("application/json") && serde_json::from_str::<Json>(&data).is_err() {
        return Err(arguments
            .wrong("Data is no JSON")
            .next("Give a ContentType such as text/plain for other bodies"));
    }
    Ok(Some((kind, Bytes::from(data))))
}

fn form(
    arguments: &Arguments,
    fields: &[(String, Json)],
    files: &[(String, Json)],
) -> Result<(String, Bytes)> {
    use base64::Engine;
    let mut body: Vec<u8> = Vec::new();
    let quoted = |name: &str| name.replace(['"', '\r', '\n'], "_");
    for (name, value) in fields {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n",
            quoted(name)
        );
        body.extend(head.as_bytes());
        body.extend(plain(value).as_bytes());
        body.extend(b"\r\n");
    }
    for (name, value) in files {
        let content = match plain(value).strip_prefix('@') {
            Some(path) => arguments.read(path)?,
            None => base64::engine::general_purpose::STANDARD
                .decode(plain(value).as_bytes())
                .map_err(|_| arguments.wrong(format!("the file {name} is not base64")))?,
        };
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{0}\"; filename=\"{0}\"\r\nContent-Type: {kind}\r\n\r\n",
            quoted(name)
        );
        body.extend(head.as_bytes());
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
    Ok((
        format!("multipart/form-data; boundary={BOUNDARY}"),
        body.into(),
    ))
}

/// Sends it, and again as often as the caller allows.
fn repeated(
    arguments: &Arguments,
    runner: &mut Runner<'_>,
    change: &Change,
) -> Sent<Option<crate::graph::change::Reply>> {
    let mut left = arguments
        .integer("MaxRetryCount")
        .unwrap_or(0)
        .clamp(0, 100);
    let delay = arguments
        .integer("RetryDelay")
        .unwrap_or(0)
        .clamp(0, 3_600_000);
    let mut wait = Duration::from_millis(u64::try_from(delay).unwrap_or(0));
    let all = arguments.boolean("RetryOnAllErrors").unwrap_or(false);
    loop {
        let failed = match runner.raw(change.clone()) {
            Ok(reply) => return Ok(reply),
            Err(failed) => failed,
        };
        let is_refusal = failed
            .error
            .status()
            .is_some_and(|status| status < 500 && status != 429);
        if left == 0 || (is_refusal && !all) || runner.is_stopped() {
            return Err(failed);
        }
        left -= 1;
        runner.sleep(wait);
        if arguments.boolean("ExponentialBackoff").unwrap_or(false) {
            wait = wait.saturating_mul(2);
        }
    }
}
