//! GetAvailableLicenseCount: what SubscribedSkus has as `available` (seed 001).

use super::{Licences, SERVICE_ID, left};
use crate::catalog::Type;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, output, success};
use crate::value::Value;

/// Counts licences.
pub static GET_AVAILABLE_LICENSE_COUNT: Procedure = Procedure {
    name: "GetAvailableLicenseCount",
    doc: "Tells how many licences of a service are left.",
    parameters: &[SERVICE_ID.required()],
    positional: &["ServiceId"],
    outputs: &[STATUS, output("Count", Type::Integer, "How many are left.")],
    permission: "Organization.Read.All",
    app_permission: "Organization.Read.All",
    reads: true,
    example: "EXEC GetAvailableLicenseCount ServiceId = 'FLOW_FREE'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let licences = Licences::read(runner)?;
    let count = left(licences.find(&arguments.required("ServiceId")?)?);
    Ok(success(vec![("Count", Value::Integer(count))]))
}
