//! What is said of users and groups.

use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::{Tenant, changes, text};

const BOTH: &str = "updated,deleted";

fn of(change: &str, id: &str) -> (String, String) {
    (change.to_string(), id.to_string())
}

#[test]
fn a_user_is_updated_until_gone_for_good() {
    let tenant = Tenant::start();
    let (all, one) = (Receiver::start(), Receiver::start());
    tenant.subscribe(&all, "users", BOTH);
    let user = json!({
        "accountEnabled": true, "displayName": "Nele New", "mailNickname": "nele",
        "userPrincipalName": "nele@contoso.com",
        "passwordProfile": {"password": "Secret-1234", "forceChangePasswordNextSignIn": true},
    });
    let id = text(&tenant.write("POST", "/v1.0/users", user), "id");
    let told = all.wait("/told", 1);
    assert_eq!(changes(&told), [of("updated", &id)]);
    assert_eq!(told[0]["resource"], json!(format!("Users/{id}")));
    assert_eq!(
        told[0]["resourceData"],
        json!({
            "@odata.type": "#Microsoft.Graph.User", "@odata.id": format!("Users/{id}"),
            "id": id, "organizationId": "84841066-274d-4ec0-a5c1-276be684bdd3",
        })
    );
    tenant.subscribe(&one, &format!("users/{id}"), BOTH);
    tenant.write(
        "PATCH",
        "/v1.0/users/adele@contoso.com",
        json!({"jobTitle": "Somebody else"}),
    );
    tenant.write(
        "PATCH",
        &format!("/v1.0/users/{id}"),
        json!({"jobTitle": "New"}),
    );
    tenant.write("DELETE", &format!("/v1.0/users/{id}"), Value::Null);
    one.wait("/told", 2);
    tenant.write(
        "DELETE",
        &format!("/v1.0/directory/deletedItems/{id}"),
        Value::Null,
    );
    let told = one.wait("/told", 3);
    assert_eq!(
        changes(&told),
        [of("updated", &id), of("updated", &id), of("deleted", &id)]
    );
    assert_eq!(all.wait("/told", 5).len(), 5);
}

#[test]
fn a_group_and_who_comes_and_goes() {
    let tenant = Tenant::start();
    let (all, members) = (Receiver::start(), Receiver::start());
    tenant.subscribe(&all, "groups", BOTH);
    let group = json!({"displayName": "New", "mailNickname": "new", "mailEnabled": false, "securityEnabled": true});
    let id = text(&tenant.write("POST", "/v1.0/groups", group), "id");
    assert_eq!(changes(&all.wait("/told", 1)), [of("updated", &id)]);
    tenant.subscribe(&members, &format!("groups/{id}/members"), BOTH);
    tenant.write(
        "PATCH",
        &format!("/v1.0/groups/{id}"),
        json!({"description": "no member changed"}),
    );
    let user = text(
        &tenant.write("GET", "/v1.0/users/alex@contoso.com", Value::Null),
        "id",
    );
    let reference =
        json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{user}")});
    tenant.write(
        "POST",
        &format!("/v1.0/groups/{id}/members/$ref"),
        reference,
    );
    let told = members.wait("/told", 1);
    assert_eq!(told[0]["resource"], json!(format!("Groups/{id}")));
    assert_eq!(
        told[0]["resourceData"]["members@delta"],
        json!([{"id": user}])
    );
    tenant.write(
        "DELETE",
        &format!("/v1.0/groups/{id}/members/{user}/$ref"),
        Value::Null,
    );
    let told = members.wait("/told", 2);
    assert_eq!(
        told[1]["resourceData"]["members@delta"],
        json!([{"id": user, "@removed": "deleted"}])
    );
    all.wait("/told", 4);
    tenant.write("DELETE", &format!("/v1.0/groups/{id}"), Value::Null);
    assert_eq!(changes(&all.wait("/told", 5))[4], of("deleted", &id));
    assert_eq!(members.told("/told").len(), 2);
}
