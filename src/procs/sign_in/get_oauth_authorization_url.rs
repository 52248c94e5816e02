//! GetOAuthAuthorizationURL: the first step of the authorization code flow with PKCE.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use super::{
    Begun, CALLBACK_URL, SCOPE, STATE, URL, address, application, begin, delegated_scope,
    unguessable,
};
use crate::catalog::Type;
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, output, parameter, success, text,
};
use crate::value::Value;

/// Gives the address where somebody signs in.
pub static GET_OAUTH_AUTHORIZATION_URL: Procedure = Procedure {
    name: "GetOAuthAuthorizationURL",
    doc: "Gives the address where somebody signs in; what the browser is sent back with goes into GetOAuthAccessToken, in the same process.",
    parameters: &[
        CALLBACK_URL,
        SCOPE,
        STATE,
        parameter(
            "Prompt",
            Type::Enum(&["login", "none", "consent", "select_account"]),
            "What the user is asked in any case.",
        ),
        text("LoginHint", "Who signs in, as a user principal name."),
    ],
    positional: &["CallbackURL", "Scope"],
    outputs: &[
        STATUS,
        URL,
        output(
            "State",
            Type::Text,
            "The text that comes back with the answer.",
        ),
    ],
    permission: "",
    app_permission: "",
    reads: true,
    example: "EXEC GetOAuthAuthorizationURL Scope = 'User.Read Mail.Read'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let settings = &runner.environment().settings;
    let application = application(arguments, &settings.application)?;
    let (verifier, random) = (unguessable()?, unguessable()?);
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
    let state = arguments.text(STATE.name).unwrap_or(random);
    let scope = delegated_scope(&application);
    let (prompt, hint) = (arguments.text("Prompt"), arguments.text("LoginHint"));
    let mut fields = vec![
        ("client_id", application.client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", &application.callback_url),
        ("response_mode", "query"),
        ("scope", &scope),
        ("state", &state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    fields.extend(prompt.as_deref().map(|prompt| ("prompt", prompt)));
    fields.extend(hint.as_deref().map(|hint| ("login_hint", hint)));
    let url = address(&application, "oauth2/v2.0/authorize", &fields);
    begin(Begun {
        state: state.clone(),
        client_id: application.client_id,
        callback_url: application.callback_url,
        verifier,
    });
    Ok(success(vec![
        (URL.name, Value::text(url)),
        ("State", Value::text(state)),
    ]))
}
