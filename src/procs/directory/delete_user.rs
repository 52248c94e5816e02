//! DeleteUser: DELETE users/{id}; an unknown user is no error (seed 001).

use super::{USER_PRINCIPAL_NAME, user};
use crate::catalog::{Type, Verb};
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, output, success};
use crate::value::Value;

/// Deletes a user.
pub static DELETE_USER: Procedure = Procedure {
    name: "DeleteUser",
    doc: "Deletes a user, who can be restored for 30 days; a user who is not there is no error.",
    parameters: &[USER_ID, USER_PRINCIPAL_NAME],
    positional: &["UserId"],
    outputs: &[
        STATUS,
        output("Deleted", Type::Boolean, "Whether there was such a user."),
    ],
    permission: "User.ReadWrite.All",
    app_permission: "User.ReadWrite.All",
    reads: false,
    example: "EXEC DeleteUser UserPrincipalName = 'nobody@contoso.com'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = user(arguments)?;
    let deleted = match runner.write(Verb::Delete, &user, None) {
        Ok(_) => true,
        Err(failed) if failed.error.status() == Some(404) => false,
        Err(failed) => return Err(failed),
    };
    Ok(success(vec![("Deleted", Value::Integer(deleted.into()))]))
}
