//! `/devicelogin`: where people type the code that their device shows them.

use http::Method;

use super::Ask;
use super::device::State;
use super::form::Form;
use super::refusal::{SignInError, page};
use crate::demo::reply::Reply;

const FORM: &str = "<form method=\"post\" action=\"/devicelogin\"><label>Code <input name=\"otc\" autocomplete=\"off\"></label> <button>Sign in</button> <button name=\"decline\" value=\"1\">Decline</button></form>";

/// Answers with the form, or takes a code: `otc`, and `decline=1` for no.
pub fn respond(ask: &Ask) -> Reply {
    let form = if *ask.method == Method::POST {
        Form::posted(ask.headers, ask.body)
    } else {
        Form::parse(ask.query)
    };
    let Some(code) = form.get("otc") else {
        return page(200, "Enter code", FORM);
    };
    let declines = ask.service.options.decline || form.get("decline").is_some();
    match enter(ask, code, declines) {
        Ok(()) if declines => page(200, "You declined", "<p>You may close this window.</p>"),
        Ok(()) => page(
            200,
            "You have signed in on your device",
            "<p>You may close this window.</p>",
        ),
        Err(error) => error.page(),
    }
}

fn enter(ask: &Ask, code: &str, declines: bool) -> Result<(), SignInError> {
    let code = code.trim().to_ascii_uppercase();
    let now = ask.service.clock();
    let mut memory = ask.service.memory();
    let device = memory.devices.get_mut(&code);
    // A code that was typed already is not one any more.
    let device = device.filter(|device| device.state == State::Pending);
    let device = device.ok_or_else(|| {
        SignInError::new(
            "invalid_grant",
            70018,
            "Invalid verification code: the code that was typed is not right.",
        )
    })?;
    if device.is_expired(now) {
        return Err(SignInError::new(
            "invalid_grant",
            70019,
            "The verification code has expired. Try to sign in again on your device.",
        ));
    }
    device.state = if declines {
        State::Declined
    } else {
        State::Approved
    };
    Ok(())
}
