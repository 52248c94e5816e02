//! SendNotification: a mail of a fixed text with values in it (seed 001).

use serde_json::{Map, Value as Json, json};

use super::recipients;
use crate::catalog::{Type, Verb};
use crate::error::Result;
use crate::procs::attach::Attachment;
use crate::procs::{
    Arguments, Outcome, Parameter, Procedure, Runner, STATUS, USER_ID, parameter, success, text,
};
use crate::templates::{self, Template};

/// What a dry run shows in place of what nobody should read in a list.
const REDACTED: &str = "[redacted]";

const VALUES: Parameter = parameter(
    "Values",
    Type::Json,
    "Values for the gaps of a template of your own, as a JSON object.",
)
.secret();

/// Sends a notification.
pub static SEND_NOTIFICATION: Procedure = Procedure {
    name: "SendNotification",
    doc: "Sends the mail of a template, with values in its gaps.",
    parameters: &[
        text(
            "Template",
            "The name of the template: NotificationTemplates lists them.",
        )
        .required(),
        text(
            "Recipient",
            "Who gets it, addresses with ; or , between them.",
        )
        .required(),
        text("UserEmail", "The new account, for created_user."),
        text(
            "StorageAccount",
            "The storage account, for azure_storage_*.",
        ),
        text("Key1", "Its first key.").secret(),
        text("Key2", "Its second key.").secret(),
        text(
            "Login",
            "Who signs in, for aws_instance_created and vm_created.",
        ),
        text(
            "PrivateKey",
            "The private key, which is attached, for aws_instance_created.",
        )
        .secret(),
        text(
            "ConnectionDetails",
            "How to connect, for aws_instance_created.",
        ),
        text(
            "Ip",
            "The address of the machine, for vm_created and vm_status.",
        ),
        text("Password", "The first password, for vm_created.").secret(),
        text("MachineStatus", "The status of the machine, for vm_status."),
        VALUES,
        parameter(
            "SaveToSentItems",
            Type::Boolean,
            "Whether Sent Items keeps a copy, true by default.",
        ),
        USER_ID,
    ],
    positional: &["Template", "Recipient", "Values"],
    outputs: &[STATUS],
    permission: "Mail.Send",
    app_permission: "Mail.Send",
    reads: false,
    example: "EXEC SendNotification Template = 'created_user', Recipient = 'alex@contoso.com', UserEmail = 'jo@contoso.com'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let template = templates::find(&arguments.required("Template")?)
        .map_err(|error| error.on(SEND_NOTIFICATION.name))?;
    let to = arguments
        .required("Recipient")
        .map(|_| recipients(arguments, "Recipient"))?;
    let values = Values::given(arguments, runner.is_dry_run())?;
    values.suffice(arguments, &template)?;
    let (subject, content) = template.filled(&|name| values.of(name));
    let mut message = json!({
        "subject": subject,
        "body": { "contentType": "html", "content": content },
        "toRecipients": to,
    });
    let files: Vec<Json> = template
        .attached()
        .into_iter()
        .map(|name| attachment(name, values.of(name)).json())
        .collect();
    if !files.is_empty() {
        message["attachments"] = Json::Array(files);
    }
    let mut body = json!({ "message": message });
    if arguments.boolean("SaveToSentItems") == Some(false) {
        body["saveToSentItems"] = json!(false);
    }
    runner.write(Verb::Post, &format!("{user}/sendMail"), Some(body))?;
    Ok(success(Vec::new()))
}

/// What may stand in a gap: the parameter of the gap's name, or the member of Values.
struct Values<'a> {
    arguments: &'a Arguments,
    more: Map<String, Json>,
    /// Secrets are not to be shown.
    is_shown: bool,
}

impl<'a> Values<'a> {
    fn given(arguments: &'a Arguments, is_shown: bool) -> Result<Self> {
        let more = match arguments.text(VALUES.name) {
            None => Map::new(),
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| arguments.wrong(format!("Values is no JSON object: {error}")))?,
        };
        Ok(Self {
            arguments,
            more,
            is_shown,
        })
    }

    /// Refuses a template with a gap that nothing fills.
    fn suffice(&self, arguments: &Arguments, template: &Template) -> Result<()> {
        let missing: Vec<&str> = template
            .gaps()
            .into_iter()
            .filter(|name| self.value(name).is_none())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(arguments
            .wrong(format!(
                "the template {} needs {}",
                template.name,
                missing.join(", ")
            ))
            .next("Give each as a parameter, or as a member of Values"))
    }

    fn value(&self, name: &str) -> Option<(String, bool)> {
        let mut parameters = SEND_NOTIFICATION.parameters.iter();
        let parameter = parameters.find(|parameter| parameter.name == name);
        let given = parameter.and_then(|parameter| {
            let text = self.arguments.text(parameter.name)?;
            Some((text, parameter.secret))
        });
        given.or_else(|| {
            let text = match self.more.get(name)? {
                Json::Null => return None,
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            Some((text, true))
        })
    }

    fn of(&self, name: &str) -> String {
        match self.value(name) {
            Some((_, true)) if self.is_shown => REDACTED.to_owned(),
            Some((text, _)) => text,
            None => String::new(),
        }
    }
}

/// A value as a file; keys in PEM get the ending that programs look for.
fn attachment(name: &str, content: String) -> Attachment {
    let ending = match content.trim_start().starts_with("-----BEGIN ") {
        true => "pem",
        false => "txt",
    };
    Attachment {
        name: format!("{name}.{ending}"),
        content: content.into(),
    }
}
