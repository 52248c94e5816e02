//! DownloadEmail: GET …/$value, the message as MIME (FACTS §1.1).

use std::path::Path;

use crate::catalog::Type;
use crate::procs::attach::item;
use crate::procs::local::{DOWNLOAD_TO, ENCODING, FILE_STREAM, file_data, place, save};
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, output, success, text};
use crate::value::Value;

/// Fetches a message as MIME.
pub static DOWNLOAD_EMAIL: Procedure = Procedure {
    name: "DownloadEmail",
    doc: "Fetches a message as it went over the wire, as MIME.",
    parameters: &[
        text("MessageId", "The message's id.").required(),
        DOWNLOAD_TO,
        ENCODING,
        FILE_STREAM,
        USER_ID,
    ],
    positional: &["MessageId", "DownloadTo"],
    outputs: &[
        STATUS,
        output(
            "FileData",
            Type::Text,
            "The message, where no file was named.",
        ),
        output("Path", Type::Text, "The file that was written."),
    ],
    permission: "Mail.Read",
    app_permission: "Mail.Read",
    reads: true,
    example: "EXEC DownloadEmail MessageId = (SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT 1), Encoding = 'NONE'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let message = item(&user, "messages", &arguments.required("MessageId")?);
    let content = runner.read_bytes(&format!("{message}/$value"))?.body;
    match arguments.text("DownloadTo") {
        Some(target) => {
            let path = place(&target, "message.eml");
            save(arguments, Path::new(&path), &content)?;
            let path = path.display().to_string();
            Ok(success(vec![("Path", Value::text(path))]))
        }
        None => Ok(success(vec![("FileData", file_data(arguments, &content))])),
    }
}
