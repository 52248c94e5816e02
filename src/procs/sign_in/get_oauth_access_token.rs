//! GetOAuthAccessToken: a token for the application itself, or for who signed in at the address of
//! GetOAuthAuthorizationURL.

use std::sync::Arc;

use super::{SCOPE, TOKEN_OUTPUTS, application, end, granted};
use crate::catalog::Type;
use crate::graph::change::Sent;
use crate::graph::token::proof;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, parameter, text};
use crate::settings::{Application, Settings};
use crate::sign_in::Answer;

type Fields = Vec<(&'static str, String)>;

/// Gets tokens.
pub static GET_OAUTH_ACCESS_TOKEN: Procedure = Procedure {
    name: "GetOAuthAccessToken",
    doc: "Gets an access token: for the application itself, or for who signed in. The result is a secret.",
    parameters: &[
        parameter(
            "AuthMode",
            Type::Enum(&["APP", "WEB"]),
            "APP: for the application itself, by its secret or certificate; WEB (the default): for who signed in at the address of GetOAuthAuthorizationURL.",
        ),
        text(
            "Verifier",
            "With WEB: the whole address that the browser was sent back to, or the code in it; the connection's OAuthVerifier when not given.",
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
    let settings = Arc::clone(&runner.environment().settings);
    let application = application(arguments, &settings.application)?;
    let mode = arguments.text("AuthMode").unwrap_or_default();
    let mut fields = match mode.eq_ignore_ascii_case("app") {
        true => for_application(&application),
        false => for_user(arguments, &settings, &application)?,
    };
    let proof = proof(&settings)?;
    if mode.eq_ignore_ascii_case("app") && proof.is_empty() {
        return Err(arguments
            .wrong("what the application proves itself with is not known")
            .next("SELECT o365_connect('AzureTenant=…;OAuthClientId=…;OAuthClientSecret=…')")
            .into());
    }
    fields.extend(proof);
    Ok(granted(runner.grant(fields)?.as_ref()))
}

fn for_application(application: &Application) -> Fields {
    vec![
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", application.client_id.clone()),
        ("scope", application.scope_of_application().to_owned()),
    ]
}

fn for_user(arguments: &Arguments, settings: &Settings, application: &Application) -> Sent<Fields> {
    let given = arguments.text("Verifier").or_else(|| {
        let verifier = settings.verifier.as_ref();
        verifier.map(|verifier| verifier.reveal().to_owned())
    });
    let given = given.ok_or_else(|| arguments.wrong("Verifier is not given"))?;
    let answer = Answer::read(&given);
    let code = answer
        .code
        .map_err(|said| arguments.wrong(format!("the sign-in did not succeed: {said}")))?;
    let begun = end(answer.state.as_deref(), &application.client_id).ok_or_else(|| {
        arguments
            .wrong("no sign-in of this process has that answer")
            .next("Call GetOAuthAuthorizationURL, sign in at its address, and give the answer in the same process, once")
    })?;
    Ok(vec![
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", application.client_id.clone()),
        ("code", code),
        ("redirect_uri", begun.callback_url),
        ("code_verifier", begun.verifier),
    ])
}
