//! Bearer tokens: what Graph takes and what it refuses.

use http::HeaderMap;

use crate::demo::signin::service::Service;
use crate::demo::signin::{Caller, access_token, authenticate};
use crate::demo::world::people;

fn with(token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(
        "Authorization",
        format!("Bearer {token}").parse().expect("ascii"),
    );
    headers
}

#[test]
fn tokens_prove_themselves() {
    let users = people::all();
    let good = access_token(Some(&users[1]), "app", "Mail.Read", 60);
    assert_eq!(
        authenticate(&Service::default(), &with(&good), &users),
        Ok(Caller::Delegated {
            id: users[1].id.clone(),
            upn: users[1].upn.clone(),
            scopes: Some(vec!["Mail.Read".into()])
        })
    );
    let app = access_token(None, "app", "", 60);
    assert_eq!(
        authenticate(&Service::default(), &with(&app), &users),
        Ok(Caller::Application)
    );
    let stale = access_token(None, "app", "", -1);
    assert_eq!(
        authenticate(&Service::default(), &with(&stale), &users).map_err(|fault| fault.status),
        Err(401)
    );
    let forged = good.replace('a', "b");
    assert_eq!(
        authenticate(&Service::default(), &with(&forged), &users).map_err(|fault| fault.code),
        Err("InvalidAuthenticationToken")
    );
    assert!(authenticate(&Service::default(), &HeaderMap::new(), &users).is_err());
}
