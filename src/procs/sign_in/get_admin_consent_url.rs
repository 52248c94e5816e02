//! GetAdminConsentURL: where an administrator grants the application's permissions for the whole tenant.

use super::{CALLBACK_URL, SCOPE, STATE, STATE_OUTPUT, URL, application, state};
use crate::odata::path_segment;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, success};
use crate::sign_in::address;
use crate::value::Value;

/// Gives the address where an administrator consents.
pub static GET_ADMIN_CONSENT_URL: Procedure = Procedure {
    name: "GetAdminConsentURL",
    doc: "Gives the address where an administrator grants the application's permissions for the whole tenant.",
    parameters: &[CALLBACK_URL, SCOPE, STATE],
    positional: &["CallbackURL"],
    outputs: &[STATUS, URL, STATE_OUTPUT],
    permission: "",
    app_permission: "",
    reads: true,
    example: "EXEC GetAdminConsentURL CallbackURL = 'http://localhost:33333'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let settings = &runner.environment().settings;
    let application = application(arguments, &settings.application)?;
    let state = state(arguments)?;
    let mut fields = vec![
        ("client_id", application.client_id.as_str()),
        ("redirect_uri", &application.callback_url),
        ("state", &state),
    ];
    // Without scopes it is all that the application is registered with; with them it is the endpoint of
    // version 2 (learn.microsoft.com, "Admin consent on the Microsoft identity platform").
    let endpoint = match application.scope.as_str() {
        "" => "adminconsent",
        scope => {
            fields.push(("scope", scope));
            "v2.0/adminconsent"
        }
    };
    let base = format!(
        "{}/{}/{endpoint}",
        application.login_url,
        path_segment(&application.tenant)
    );
    let url = address(&base, &fields);
    Ok(success(vec![
        (URL.name, Value::text(url)),
        ("State", Value::text(state)),
    ]))
}
