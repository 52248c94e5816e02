//! GetOAuthAccessToken: a token for the application itself, or for who signed in at the address of
//! GetOAuthAuthorizationURL.

use super::{SCOPE, TOKEN_OUTPUTS, application, end, tokens};
use crate::catalog::Type;
use crate::error::Result;
use crate::graph::change::Sent;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, parameter, success, text};
use crate::settings::Application;

type Fields = Vec<(&'static str, String)>;

/// Gets tokens.
pub static GET_OAUTH_ACCESS_TOKEN: Procedure = Procedure {
    name: "GetOAuthAccessToken",
    doc: "Gets an access token: for the application itself, or for who signed in. The result is a secret.",
    parameters: &[
        parameter(
            "AuthMode",
            Type::Enum(&["APP", "WEB"]),
            "APP: for the application itself, by its secret; WEB (the default): for who signed in at the address of GetOAuthAuthorizationURL.",
        ),
        text(
            "Verifier",
            "With WEB: the whole address that the browser was sent back to, or the code in it.",
        )
        .secret(),
        text(
            "CallbackURL",
            "As it was given to GetOAuthAuthorizationURL, which is remembered: it need not be repeated.",
        ),
        SCOPE,
    ],
    positional: &["AuthMode", "Verifier"],
    outputs: &[
        STATUS,
        TOKEN_OUTPUTS[0],
        TOKEN_OUTPUTS[1],
        TOKEN_OUTPUTS[2],
        TOKEN_OUTPUTS[3],
    ],
    permission: "",
    app_permission: "",
    reads: true,
    example: "EXEC GetOAuthAccessToken AuthMode = 'APP'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let settings = &runner.environment().settings;
    let application = application(arguments, &settings.application)?;
    let mode = arguments.text("AuthMode").unwrap_or_default();
    let fields = match mode.eq_ignore_ascii_case("app") {
        true => for_application(arguments, application)?,
        false => for_user(arguments, application)?,
    };
    let grant = runner.grant(fields)?;
    Ok(grant.map_or_else(|| success(Vec::new()), |grant| tokens(&grant)))
}

fn for_application(arguments: &Arguments, application: Application) -> Sent<Fields> {
    if application.client_secret.is_empty() {
        return Err(arguments
            .wrong("the application's secret is not known")
            .next("SELECT o365_connect('AzureTenant=…;OAuthClientId=…;OAuthClientSecret=…')")
            .into());
    }
    let scope = match application.scope.is_empty() {
        true => application.default_scope,
        false => application.scope,
    };
    Ok(vec![
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", application.client_id),
        ("client_secret", application.client_secret),
        ("scope", scope),
    ])
}

fn for_user(arguments: &Arguments, application: Application) -> Sent<Fields> {
    let (code, state) = answer(arguments)?;
    let begun = end(state.as_deref(), &application.client_id).ok_or_else(|| {
        arguments
            .wrong("no sign-in of this process has that answer")
            .next("Call GetOAuthAuthorizationURL, sign in at its address, and give the answer in the same process, once")
    })?;
    let mut fields = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", application.client_id),
        ("code", code),
        ("redirect_uri", begun.callback_url),
        ("code_verifier", begun.verifier),
    ];
    if !application.client_secret.is_empty() {
        fields.push(("client_secret", application.client_secret));
    }
    Ok(fields)
}

/// The code, and the state where the whole address is given.
fn answer(arguments: &Arguments) -> Result<(String, Option<String>)> {
    let given = arguments.required("Verifier")?;
    let Ok(url) = url::Url::parse(given.trim()) else {
        return Ok((given.trim().to_owned(), None));
    };
    let field = |name: &str| {
        let mut fields = url.query_pairs();
        fields
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    };
    match (field("code"), field("state")) {
        (Some(code), state) => Ok((code, state)),
        (None, _) => {
            let said = field("error_description").or_else(|| field("error"));
            let said = said.unwrap_or_else(|| "there is no code in it".to_owned());
            Err(arguments.wrong(format!("the sign-in did not succeed: {said}")))
        }
    }
}
