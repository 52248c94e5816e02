//! The administrator's consent and the end of a session: two pages of which only the way back matters (FACTS 5).

use super::Ask;
use super::authorize::{declined, refusal, send_back};
use super::form::Form;
use super::redirects;
use super::refusal::{SignInError, page};
use super::registrations::registration;
use crate::demo::reply::Reply;
use crate::demo::world::people::TENANT_ID;

/// Answers at `adminconsent`, or at `v2.0/adminconsent`, which names scopes and is told them again.
pub fn consent(ask: &Ask, names_scopes: bool) -> Result<Reply, SignInError> {
    let form = Form::parse(ask.query).without_duplicates()?;
    let client = form.need("client_id")?;
    let registration = registration(ask, client)?;
    let redirect = form.need("redirect_uri")?;
    let redirect = redirects::check(registration.redirects.as_deref(), client, redirect)?;
    let scope = if names_scopes {
        Some(form.need("scope")?)
    } else {
        None
    };
    let mut fields = if ask.service.options.decline {
        refusal(&declined("access_denied"))
    } else {
        vec![
            ("admin_consent", "True".to_string()),
            ("tenant", TENANT_ID.to_string()),
        ]
    };
    fields.extend(scope.map(|scope| ("scope", scope.to_string())));
    fields.extend(form.get("state").map(|state| ("state", state.to_string())));
    Ok(send_back(redirect, "query", &fields))
}

/// Answers at `logout`. No session is ever kept, so that there is none to end.
pub fn logout(ask: &Ask) -> Result<Reply, SignInError> {
    let form = Form::parse(ask.query).without_duplicates()?;
    match form.get("post_logout_redirect_uri") {
        Some(uri) => {
            let uri = redirects::check(None, "", uri)?;
            let state = form.get("state").map(|state| ("state", state.to_string()));
            Ok(match state {
                Some(state) => send_back(uri, "query", &[state]),
                None => Reply::empty(302).header("Location", uri),
            })
        }
        None => Ok(page(200, "You signed out of your account", "")),
    }
}
