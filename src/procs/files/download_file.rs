//! DownloadFile: GET …/content, whose address is read without the token (FACTS §3.4).

use http::Method;

use super::{DRIVE_ID, NAME, drive, item};
use crate::catalog::Type;
use crate::error::{Error, Kind};
use crate::graph::change::{Failed, Sent};
use crate::procs::local::{DOWNLOAD_TO, ENCODING, FILE_STREAM, file_data, place, save};
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, output, success, text, text_of,
};
use crate::value::Value;

/// Fetches a file.
pub static DOWNLOAD_FILE: Procedure = Procedure {
    name: "DownloadFile",
    doc: "Fetches the content of a file.",
    parameters: &[
        text(
            "FileId",
            "The file, as an id or a path such as /Reports/a.docx.",
        )
        .required(),
        DOWNLOAD_TO,
        ENCODING,
        FILE_STREAM,
        USER_ID,
        DRIVE_ID,
    ],
    positional: &["FileId", "DownloadTo"],
    outputs: &[
        STATUS,
        NAME,
        output("Size", Type::Long, "Its size in bytes."),
        output(
            "FileData",
            Type::Text,
            "The content, where no file was named.",
        ),
        output("Path", Type::Text, "The file that was written."),
    ],
    permission: "Files.Read",
    app_permission: "Files.Read.All",
    reads: true,
    example: "EXEC DownloadFile FileId = (SELECT id FROM Files WHERE file_mimeType = 'text/csv' AND size > 0 ORDER BY name, id LIMIT 1), Encoding = 'NONE'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let drive = drive(arguments, runner)?;
    let path = item(arguments, &drive, &arguments.required("FileId")?)?;
    let about = runner.read(&format!(
        "{}?$select=id,name,size",
        path.trim_end_matches(':')
    ))?;
    let content = content(runner, &path)?;
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let mut record = vec![
        ("Name", text_of(&about["name"])),
        ("Size", Value::Integer(size)),
    ];
    match arguments.text("DownloadTo") {
        Some(target) => {
            let path = place(&target, about["name"].as_str().unwrap_or("file"));
            save(arguments, &path, &content)?;
            record.push(("Path", Value::text(path.display().to_string())));
        }
        None => record.push(("FileData", file_data(arguments, &content))),
    }
    Ok(success(record))
}

/// The bytes: behind a redirect to an address that lets in whoever has it, and gets no token.
fn content(runner: &Runner<'_>, path: &str) -> Sent<bytes::Bytes> {
    let reply = runner.read_bytes(&format!("{path}/content"))?;
    if !(300..400).contains(&reply.status) {
        return Ok(reply.body);
    }
    let location = reply
        .headers
        .get("Location")
        .and_then(|value| value.to_str().ok());
    let safe = location
        .and_then(|address| url::Url::parse(address).ok())
        .filter(|url| {
            url.scheme() == "https"
                || crate::settings::is_loopback(url)
                || runner.environment().client.is_own(url.as_str())
        });
    match safe {
        Some(url) => Ok(runner
            .bare(Method::GET, url.as_str(), Vec::new(), None, true)?
            .body),
        None => Err(Failed::not_done(Error::new(
            Kind::Malformed,
            "the content is at no address that can be read safely",
        ))),
    }
}
