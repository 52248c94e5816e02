//! The example payloads of seed 000, as they stand there: as a function, as rows of the procedure's table, and
//! as EXEC.

use serde_json::{Value, json};

use crate::support::server::{Act, Scripted};
use crate::support::{failure, one};
use crate::{execute, requests, sent, taken, writer};

const MESSAGE: &str = "AAMkAGQ2NGQwNWU0LTU2MjUtNDZmNy04NGQzLTY4ZmU4Y2E4Y2JiNgBGAAAAAACvzgT4b7T_Qav2LM_bB-PKBwAhfASdetQfTpESzwWnAbAAA0sITVAAA=";
const EVENT: &str =
    "AAMkAGQ2NGQwNWU0LTU2MjUtNDZmNy04NGQzLTY4ZmU4Y2E4Y2JiNgBGAAAAAACvzgT4b7T_Qav2LM_bB-GAAA=";
const FOLDER: &str = "01VCU572N6Y2GOVW7725BZO354PWSELRRZ";
const MAIL: &str = "From: FNU LNU <admin@example.com>\r\nTo: test <test@example.com>\r\nSubject: Test\r\nContent-Type: text/plain\r\n\r\nHello\r\n";

/// A tenant that has what the samples name.
fn sampled() -> Scripted {
    Scripted::start(|seen, _| {
        let target = seen.target.as_str();
        match seen.method.as_str() {
            "GET" if target.contains("/attachments") => Act::json(
                json!({"value": [{
                    "@odata.type": "#microsoft.graph.fileAttachment", "id": "A1", "name": "../demoattachment.docx",
                    "contentType": "text/plain", "size": 5, "isInline": false,
                    "lastModifiedDateTime": "2023-11-21T10:09:09Z", "contentBytes": "SGVsbG8=",
                }]})
                .to_string(),
            ),
            "GET" if target.ends_with("/$value") => Act::Answer(
                200,
                vec![("Content-Type", "text/plain".to_owned())],
                MAIL.to_owned(),
            ),
            "GET" if target.ends_with("/content") => Act::Answer(
                302,
                vec![("Location", format!("http://{}/bare", seen.header("host").unwrap_or_default()))],
                String::new(),
            ),
            "GET" if target == "/bare" => {
                assert_eq!(seen.header("authorization"), None, "no token for such an address");
                Act::Answer(200, Vec::new(), "PK file".to_owned())
            }
            "GET" if target.contains("/drive/items/") => {
                Act::json(r#"{"id": "F1", "name": "a.docx", "size": 7}"#)
            }
            _ => taken(seen),
        }
    })
}

fn called(name: &str, payload: &str) -> (Value, Vec<String>) {
    let server = sampled();
    let connection = writer(&server, "");
    let text: String = connection
        .query_row(&format!("SELECT {name}(?1)"), [payload], |row| row.get(0))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    (serde_json::from_str(&text).expect("JSON"), sent(&server))
}

#[test]
fn payloads_run_as_functions() {
    let (result, lines) = called(
        "CancelEvent",
        &json!({"EventId": EVENT, "Comment": "Canceled due to rain"}).to_string(),
    );
    assert_eq!(result, json!({"Status": "Success"}));
    assert_eq!(
        lines,
        [format!(
            "POST /me/events/{}/cancel",
            EVENT.replace('=', "%3D")
        )]
    );
    let forwarded = json!({"EventId": EVENT, "Comment": "forwarded due to rain", "ToRecipients": "test99@example.com"});
    let (result, lines) = called("ForwardEvent", &forwarded.to_string());
    assert_eq!((result, lines.len()), (json!({"Status": "Success"}), 1));
    let uploaded = json!({"FileName": "Document1234.docx", "ParentId": FOLDER, "Content": "test"});
    let (result, lines) = called("UploadFile", &uploaded.to_string());
    assert_eq!(
        (&result["Status"], &result["Id"]),
        (&json!("Success"), &json!("changed"))
    );
    assert_eq!(
        lines,
        [format!(
            "PUT /me/drive/items/{FOLDER}:/Document1234.docx:/content?@microsoft.graph.conflictBehavior=replace"
        )]
    );
    let made = json!({"ParentId": FOLDER, "FolderName": "outbox1234"});
    let (result, lines) = called("CreateFolder", &made.to_string());
    assert_eq!(result["Id"], "new");
    assert_eq!(lines, [format!("POST /me/drive/items/{FOLDER}/children")]);
    let forwarded = json!({"MessageId": MESSAGE, "ToRecipients": "test097@example.com", "Comment": "forwarded message"});
    let (result, lines) = called("ForwardMail", &forwarded.to_string());
    assert_eq!((result, lines.len()), (json!({"Status": "Success"}), 1));
}

/// The sample names a file and gives none: the mail goes out, and the result says so.
#[test]
fn the_mail_of_the_sample_is_sent_with_a_warning() {
    let payload = json!({
        "ToRecipients": "test097@example.com", "Content": "Testing", "Subject": "Test subject", "FileName": "Google",
    });
    let (result, lines) = called("SendMail", &payload.to_string());
    assert_eq!(result["Status"], "Success");
    assert!(
        result["Warning"]
            .as_str()
            .is_some_and(|text| text.contains("'Google'")),
        "{result}"
    );
    assert_eq!(lines, ["POST /me/sendMail"]);
}

/// The sample assigns and removes the same licence: refused, with both parameters named, and nothing sent.
#[test]
fn the_licence_of_the_sample_is_refused() {
    let server = sampled();
    let connection = writer(&server, "");
    let sku = "c42b9cae-ea4f-4ab7-9717-81576235ccac";
    let error = failure(
        &connection,
        &format!(
            "SELECT AssignLicense(json_object('UserID', 'ee58217f-b22e-4300-a876-53db3c71a87b',
                'AddLicenseSkuId', '{sku}', 'RemoveLicenses', '{sku}'))"
        ),
    );
    for part in ["AddLicenseSkuId", "RemoveLicenses", sku] {
        assert!(error.contains(part), "{error}");
    }
    assert_eq!(requests(&server), 0);
}

/// The sample has braces around braces: what was meant runs. A file's name never leads out of the folder.
#[test]
fn attachments_are_downloaded_as_the_sample_means() {
    let folder = std::env::temp_dir().join(format!("office365-seed-{}", std::process::id()));
    let target = folder.join("My files/Office355/reports/");
    let payload = format!(
        "{{\n    {{\"MessageId\": \"{MESSAGE}\",\n    \"DownloadTo\": {}}}\n    }}",
        json!(target)
    );
    let (result, lines) = called("DownloadAttachments", &payload);
    assert!(lines.is_empty());
    assert_eq!(result["Name"], "../demoattachment.docx");
    let path = std::path::PathBuf::from(result["Path"].as_str().expect("a path"));
    assert_eq!(path, target.join("demoattachment.docx"));
    assert_eq!(std::fs::read(&path).expect("the file"), b"Hello");
    // Again: the first file stays.
    let (again, _) = called("DownloadAttachments", &payload);
    assert!(
        again["Path"]
            .as_str()
            .is_some_and(|path| path.ends_with("demoattachment (2).docx")),
        "{again}"
    );
    std::fs::remove_dir_all(&folder).expect("cleaned");
    let (result, _) = called(
        "DownloadAttachments",
        &json!({"MessageId": MESSAGE}).to_string(),
    );
    assert_eq!(
        (
            &result["ContentBytes"],
            &result["Size"],
            &result["IsInline"]
        ),
        (&json!("SGVsbG8="), &json!(5), &json!(false))
    );
}

#[test]
fn downloads_give_base64_unless_asked_otherwise() {
    let (result, _) = called(
        "DownloadFile",
        r#"{"FileId": "01VCU572LDCGQYZOSMHZDZGN5HCXS5P6EP"}"#,
    );
    assert_eq!(
        (&result["FileData"], &result["Name"]),
        (&json!("UEsgZmlsZQ=="), &json!("a.docx"))
    );
    let payload = json!({"MessageId": MESSAGE, "Encoding": "NONE"});
    let (result, _) = called("DownloadEmail", &payload.to_string());
    assert_eq!(result["FileData"], MAIL);
    let (result, _) = called("GetMailMessage", &json!({"MessageId": MESSAGE}).to_string());
    assert_eq!(
        (&result["Subject"], &result["From"]),
        (&json!("Test"), &json!("admin@example.com"))
    );
    assert_eq!(
        result["Headers"][0],
        json!({"name": "From", "value": "FNU LNU <admin@example.com>"})
    );
    assert_eq!(result["TextBody"].as_str().map(str::trim), Some("Hello"));
}

#[test]
fn the_same_call_as_rows_and_as_exec() {
    let server = sampled();
    let connection = writer(&server, "");
    execute(
        &connection,
        &format!("INSERT INTO MoveMail(MessageId, DestinationId) VALUES ('{MESSAGE}', 'archive')"),
    );
    let call = office365::cli::exec::parse(&format!(
        "EXEC MoveMail @MessageId = '{MESSAGE}', @DestinationId = 'archive'"
    ))
    .expect("a call");
    execute(&connection, &call.insert);
    let line = format!("POST /me/messages/{}/move", MESSAGE.replace('=', "%3D"));
    assert_eq!(sent(&server), [line.clone(), line]);
    let shown = call.shown(&connection, 1).expect("a statement");
    let (status, id): (String, String) = connection
        .query_row(&shown, [], |row| Ok((row.get("Status")?, row.get("Id")?)))
        .expect("a row");
    assert_eq!((status.as_str(), id.as_str()), ("Success", "new"));
    assert_eq!(one::<i64>(&connection, "SELECT count(*) FROM MoveMail"), 2);
}
