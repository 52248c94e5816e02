//! RevokeSignInSessions: POST users/{id}/revokeSignInSessions.

use super::{USER_PRINCIPAL_NAME, user};
use crate::catalog::Verb;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, success};

/// Signs a user out everywhere.
pub static REVOKE_SIGN_IN_SESSIONS: Procedure = Procedure {
    name: "RevokeSignInSessions",
    doc: "Signs a user out everywhere, within minutes.",
    parameters: &[USER_ID, USER_PRINCIPAL_NAME],
    positional: &["UserId"],
    outputs: &[STATUS],
    permission: "User.RevokeSessions.All",
    app_permission: "User.RevokeSessions.All",
    reads: false,
    example: "EXEC RevokeSignInSessions UserPrincipalName = 'alex@contoso.com'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = user(arguments)?;
    runner.write(Verb::Post, &format!("{user}/revokeSignInSessions"), None)?;
    Ok(success(Vec::new()))
}
