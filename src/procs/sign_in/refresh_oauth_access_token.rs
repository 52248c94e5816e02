//! RefreshOAuthAccessToken: the next access token.

use std::sync::Arc;

use super::{SCOPE, TOKEN_OUTPUTS, application, granted};
use crate::graph::token::proof;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, text};

/// Gets the next token.
pub static REFRESH_OAUTH_ACCESS_TOKEN: Procedure = Procedure {
    name: "RefreshOAuthAccessToken",
    doc: "Gets the next access token for who signed in, and the next refresh token, which replaces the old one. The result is a secret.",
    parameters: &[
        text("OAuthRefreshToken", "The refresh token.")
            .required()
            .secret(),
        SCOPE,
    ],
    positional: &["OAuthRefreshToken"],
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
    example: "EXEC RefreshOAuthAccessToken OAuthRefreshToken = '0.AXEA…'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let settings = Arc::clone(&runner.environment().settings);
    let application = application(arguments, &settings.application)?;
    let mut fields = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", application.client_id),
        ("refresh_token", arguments.required("OAuthRefreshToken")?),
    ];
    if !application.scope.is_empty() {
        fields.push(("scope", application.scope));
    }
    fields.extend(proof(&settings)?);
    Ok(granted(runner.grant(fields)?.as_ref()))
}
