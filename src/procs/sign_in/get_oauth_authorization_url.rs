//! GetOAuthAuthorizationURL: the first step of the authorization code flow with PKCE.

use super::{Begun, CALLBACK_URL, SCOPE, STATE, STATE_OUTPUT, URL, application, begin, state};
use crate::catalog::Type;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, parameter, success, text};
use crate::sign_in::{Pkce, Wish, authorization_url};
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
    outputs: &[STATUS, URL, STATE_OUTPUT],
    permission: "",
    app_permission: "",
    reads: true,
    example: "EXEC GetOAuthAuthorizationURL Scope = 'User.Read Mail.Read'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let settings = &runner.environment().settings;
    let application = application(arguments, &settings.application)?;
    let pkce = Pkce::new()?;
    let state = state(arguments)?;
    let scope = with_refresh_token(application.scope_of_application());
    let (prompt, hint) = (arguments.text("Prompt"), arguments.text("LoginHint"));
    let mut further = Vec::new();
    further.extend(prompt.as_deref().map(|prompt| ("prompt", prompt)));
    further.extend(hint.as_deref().map(|hint| ("login_hint", hint)));
    let wish = Wish {
        application: &application,
        scope: &scope,
        claims: None,
    };
    let url = authorization_url(wish, &application.callback_url, &state, &pkce, &further);
    begin(Begun {
        state: state.clone(),
        client_id: application.client_id,
        callback_url: application.callback_url,
        verifier: pkce.verifier,
    });
    Ok(success(vec![
        (URL.name, Value::text(url)),
        ("State", Value::text(state)),
    ]))
}

/// The scopes, and the one that brings the refresh token.
fn with_refresh_token(scope: &str) -> String {
    match scope.split(' ').any(|word| word == "offline_access") {
        true => scope.to_owned(),
        false => format!("{scope} offline_access"),
    }
}
