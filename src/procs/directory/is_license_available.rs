//! IsLicenseAvailable (seed 001).

use super::{Licences, SERVICE_ID, left};
use crate::catalog::Type;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, output, success};
use crate::value::Value;

/// Asks for a licence.
pub static IS_LICENSE_AVAILABLE: Procedure = Procedure {
    name: "IsLicenseAvailable",
    doc: "Tells whether a licence of a service is left.",
    parameters: &[SERVICE_ID.required()],
    positional: &["ServiceId"],
    outputs: &[
        STATUS,
        output("Available", Type::Boolean, "Whether one is left."),
    ],
    permission: "Organization.Read.All",
    app_permission: "Organization.Read.All",
    reads: true,
    example: "EXEC IsLicenseAvailable ServiceId = 'FLOW_FREE'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let licences = Licences::read(runner)?;
    let count = left(licences.find(&arguments.required("ServiceId")?)?);
    Ok(success(vec![(
        "Available",
        Value::Integer((count > 0).into()),
    )]))
}
