//! `people` in the order of relevance (FACTS 1.3).

use crate::http::{self, get};
use crate::refused;
use serde_json::Value;

#[test]
fn who_writes_most_comes_first() {
    let all = http::all("/v1.0/me/people", &[]);
    assert_eq!(
        (all.len(), get("/v1.0/me/people").rows().len()),
        (30, 10),
        "the default page"
    );
    let scores: Vec<f64> = all
        .iter()
        .filter_map(|row| row["scoredEmailAddresses"][0]["relevanceScore"].as_f64())
        .collect();
    assert!(scores.len() == 30 && scores.windows(2).all(|pair| pair[0] >= pair[1]));
    assert!(scores[0] > scores[29]);
    // A score is how many mails there are.
    let address = all[0]["scoredEmailAddresses"][0]["address"].as_str();
    let sent = format!(
        "/v1.0/me/messages/$count?$filter=startswith(from/emailAddress/address,'{}')",
        address.expect("an address").replace('\'', "''")
    );
    assert_eq!(get(&sent).text(), scores[0].to_string());
    assert!(
        all.iter()
            .all(|row| row["userPrincipalName"] != "adele@contoso.com")
    );
    assert_eq!(
        get("/v1.0/users/nestor@contoso.com/people").rows().len(),
        0,
        "an empty mailbox"
    );
}

#[test]
fn colleagues_have_one_id_in_all_lists() {
    let mine = http::all("/v1.0/me/people?$top=50", &[]);
    let other = http::all("/v1.0/users/alex@contoso.com/people?$top=50", &[]);
    let id = |rows: &[Value], address: &str| {
        let found = rows
            .iter()
            .find(|row| row["scoredEmailAddresses"][0]["address"] == address);
        found.expect("a person")["id"].clone()
    };
    let megan = get("/v1.0/users/megan@contoso.com").json()["id"].clone();
    for rows in [&mine, &other] {
        assert_eq!(id(rows, "megan@contoso.com"), megan);
    }
    let stranger = "no_reply@news.example";
    assert_ne!(id(&mine, stranger), id(&other, stranger));
    let guest = mine
        .iter()
        .find(|row| row["scoredEmailAddresses"][0]["address"] == stranger);
    assert!(guest.expect("a guest")["userPrincipalName"].is_null());
}

#[test]
fn people_search_and_page_and_nothing_else() {
    let names = |search: &str| -> Vec<Value> {
        http::all(&format!("/v1.0/me/people?$search={search}"), &[])
            .iter()
            .map(|row| row["displayName"].clone())
            .collect()
    };
    let mut adatum = names("\"adatum\"");
    adatum.sort_by_key(Value::to_string);
    assert_eq!(adatum, ["Dana Swope", "Samantha Booth"]);
    assert_eq!(names("o'brien"), ["Patrick O'Brien"]);
    assert_eq!(
        names("patr obr"),
        Vec::<Value>::new(),
        "every word begins a word"
    );
    assert_eq!(names("\"brie pat\""), ["Patrick O'Brien"]);
    assert_eq!(names("rien"), Vec::<Value>::new());
    for option in [
        "$filter=displayName eq 'x'",
        "$orderby=displayName",
        "$count=true",
        "$expand=x",
        "$search=\"topic:budget\"",
        "$search=\"\"",
        "$top=1001",
    ] {
        refused(
            &get(&format!("/v1.0/me/people?{option}")),
            400,
            "ErrorInvalidUrlQuery",
        );
    }
    refused(&get("/v1.0/me/people?$select=nothing"), 400, "BadRequest");
    refused(&get("/v1.0/me/people/x"), 400, "BadRequest");
    refused(
        &get("/v1.0/users/room52@contoso.com/people"),
        404,
        "MailboxNotEnabledForRESTAPI",
    );
    let page = get("/v1.0/me/people?$top=30&$skip=27&$select=displayName");
    assert_eq!(page.rows().len(), 3);
    assert_eq!(page.rows()[0].as_object().map(|row| row.len()), Some(2));
}

#[test]
fn what_is_known_of_people_is_null_somewhere() {
    let all = http::all("/v1.0/me/people?$top=50", &[]);
    for (name, value) in all[0].as_object().expect("a row") {
        let always = ["id", "displayName", "personType"].contains(&name.as_str());
        let null = all.iter().filter(|row| row[name].is_null()).count();
        assert!(null < all.len(), "{name} is never set");
        assert!(
            null > 0 || always || value.is_array(),
            "{name} is never null"
        );
    }
}
