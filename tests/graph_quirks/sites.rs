//! Sites, lists, list items (FACTS 1.7).

use crate::http::{self, get, get_with};
use crate::refused;
use serde_json::Value;

const ANYWAY: (&str, &str) = ("Prefer", "HonorNonIndexedQueriesWarningMayFailRandomly");
const ISSUES: &str = "/v1.0/sites/root/lists/Issues/items";

fn named<'r>(rows: &'r [Value], name: &str) -> &'r Value {
    let row = rows.iter().find(|row| row["displayName"] == name);
    row.unwrap_or_else(|| panic!("no {name}"))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn sites_are_searched_for_and_sort_by_creation_alone() {
    let all = http::all("/v1.0/sites?search=*", &[]);
    let page = get("/v1.0/sites?search=*");
    assert_eq!(
        (page.rows().len(), page.next().is_some(), all.len()),
        (50, true, 77)
    );
    let found = get("/v1.0/sites?search=offers").rows();
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[0]["webUrl"],
        "https://contoso.sharepoint.com/sites/group2/offers"
    );
    assert_eq!(
        get("/v1.0/sites?search=münch").rows()[0]["displayName"],
        "München 🎉"
    );
    assert_eq!(get("/v1.0/sites?search=nosuchsite").rows().len(), 0);
    let sorted = http::all("/v1.0/sites?search=*&$orderby=createdDateTime desc", &[]);
    assert!(sorted.is_sorted_by(|a, b| text(&a["createdDateTime"]) >= text(&b["createdDateTime"])));
    for query in [
        "",
        "?search=",
        "?$search=\"x\"",
        "?search=*&$orderby=displayName",
        "?search=*&$filter=displayName eq 'x'",
        "?search=*&$top=5",
        "?search=*&$skip=5",
        "?search=*&$count=true",
        "?search=*&$expand=lists",
    ] {
        refused(&get(&format!("/v1.0/sites{query}")), 400, "invalidRequest");
    }
    refused(&get("/v1.0/sites?search=*&$select=nope"), 400, "BadRequest");
}

#[test]
fn a_site_has_several_addresses() {
    let root = get("/v1.0/sites/root").json();
    assert_eq!((root.get("name"), root["root"].is_object()), (None, true));
    assert_eq!(get("/v1.0/sites/contoso.sharepoint.com").json(), root);
    let id = text(&root["id"]);
    assert_eq!(
        id.split(',').map(str::len).collect::<Vec<_>>(),
        [22, 36, 36]
    );
    assert_eq!(get(&format!("/v1.0/sites/{id}")).json(), root);
    assert_eq!(
        get(&format!("/v1.0/sites/{}", id.replace(',', "%2C"))).json(),
        root
    );
    let deep = "/v1.0/sites/contoso.sharepoint.com:/sites/group2/offers/2026";
    let offers = get(deep).json();
    assert_eq!(
        (text(&offers["displayName"]), text(&offers["name"])),
        ("Offers 2026", "2026")
    );
    assert!(offers.get("root").is_none() && offers.get("description").is_none());
    assert_eq!(
        get(&deep.to_lowercase().replace("offers", "OFFERS")).json()["id"],
        offers["id"]
    );
    assert_eq!(get(&format!("{deep}:/lists")).status, 200);
    assert_eq!(
        get("/v1.0/sites/contoso.sharepoint.com:/sites/m%C3%BCnchen").json()["displayName"],
        "München 🎉"
    );
    refused(
        &get("/v1.0/sites/contoso.sharepoint.com:/sites/no"),
        404,
        "itemNotFound",
    );
    refused(
        &get(&format!("/v1.0/sites/{}0", &id[..id.len() - 1])),
        404,
        "itemNotFound",
    );
    refused(&get("/v1.0/sites/example.com"), 400, "invalidRequest");
    refused(
        &get("/v1.0/sites/root?$expand=lists"),
        400,
        "invalidRequest",
    );
}

#[test]
fn sites_of_groups_and_sites_below_sites() {
    let groups = get("/v1.0/groups?$select=id,displayName").rows();
    let of = |name: &str| {
        let id = text(&named(&groups, name)["id"]).to_string();
        get(&format!("/v1.0/groups/{id}/sites/root"))
    };
    assert_eq!(
        of("All Company").json()["id"],
        get("/v1.0/sites/root").json()["id"]
    );
    let sales = of("SALES").json();
    assert_eq!(sales["name"], "group2");
    refused(&of("Sales"), 404, "itemNotFound");
    let below = get(&format!("/v1.0/sites/{}/sites", text(&sales["id"]))).rows();
    let names: Vec<&str> = below.iter().map(|row| text(&row["name"])).collect();
    assert_eq!(names, ["offers", "archive"]);
    assert_eq!(below[0]["parentReference"]["siteId"], sales["id"]);
    assert_eq!(
        text(&below[0]["id"]).split(',').nth(1),
        text(&sales["id"]).split(',').nth(1)
    );
    assert_eq!(get("/v1.0/sites/root/sites").rows().len(), 0);
    // Drives: the root's two, none elsewhere.
    assert_eq!(get("/v1.0/sites/root/drives").rows().len(), 2);
    let id = text(&sales["id"]);
    assert_eq!(get(&format!("/v1.0/sites/{id}/drives")).rows().len(), 0);
    refused(
        &get(&format!("/v1.0/sites/{id}/drive")),
        404,
        "itemNotFound",
    );
}

#[test]
fn lists_by_id_and_title_and_hidden_ones_on_request() {
    let lists = get("/v1.0/sites/root/lists").rows();
    assert_eq!(lists.len(), 5);
    let all = get("/v1.0/sites/root/lists?$select=id,displayName,list,system").rows();
    assert_eq!(all.len(), 7);
    assert_eq!(named(&all, "Style Library")["list"]["hidden"], true);
    assert!(named(&all, "User Information List")["system"].is_object());
    let reports = named(&lists, "Reports 100%");
    assert_eq!(
        (text(&reports["name"]), text(&reports["list"]["template"])),
        ("Reports 100", "documentLibrary")
    );
    let id = text(&reports["id"]);
    for key in [id, "reports%20100%25"] {
        assert_eq!(
            get(&format!("/v1.0/sites/root/lists/{key}")).json()["id"],
            id
        );
    }
    assert_eq!(
        get("/v1.0/sites/root/lists?$filter=displayName eq 'issues'")
            .rows()
            .len(),
        1
    );
    for option in [
        "$filter=name eq 'x'",
        "$filter=startswith(displayName,'I')",
        "$orderby=displayName",
        "$top=1",
        "$count=true",
    ] {
        refused(
            &get(&format!("/v1.0/sites/root/lists?{option}")),
            400,
            "invalidRequest",
        );
    }
    refused(&get("/v1.0/sites/root/lists/Nope"), 404, "itemNotFound");
    let with = get("/v1.0/sites/root/lists/Issues?$expand=columns").json();
    assert_eq!(with["columns"].as_array().map(Vec::len), Some(21));
    refused(
        &get("/v1.0/sites/root/lists/Issues?$expand=items"),
        400,
        "ExpandNotSupported",
    );
}

#[test]
fn columns_say_what_is_indexed_and_of_which_kind() {
    let columns = get("/v1.0/sites/root/lists/Issues/columns").rows();
    let of = |name: &str| {
        columns
            .iter()
            .find(|row| row["name"] == name)
            .expect("a column")
    };
    assert_eq!(
        (&of("Status")["indexed"], &of("Title")["indexed"]),
        (&true.into(), &false.into())
    );
    assert!(
        of("Status")["choice"]["choices"][2] == "Waiting for O'Brien"
            && of("Status").get("text").is_none()
    );
    assert_eq!(of("Gr_x00f6__x00df_e")["displayName"], "Größe");
    let customers = get("/v1.0/sites/root/lists/Customers").json();
    assert_eq!(of("Customer")["lookup"]["listId"], customers["id"]);
    assert!(
        of("Notes")["text"]["allowMultipleLines"] == true && of("Modified")["readOnly"] == true
    );
    refused(
        &get("/v1.0/sites/root/lists/Issues/columns?$filter=indexed eq true"),
        400,
        "invalidRequest",
    );
}

#[test]
fn items_come_200_at_a_time_and_fields_only_when_expanded() {
    let page = get(ISSUES);
    assert_eq!((page.rows().len(), page.next().is_some()), (200, true));
    assert!(page.rows()[0].get("fields").is_none());
    let all = http::all(&format!("{ISSUES}?$expand=fields&$top=90"), &[]);
    assert_eq!(all.len(), 231);
    let first = &all[0]["fields"];
    assert_eq!((text(&first["id"]), text(&all[0]["id"])), ("1", "1"));
    assert!(first["AuthorLookupId"].is_string() && first.get("Customer").is_none());
    assert!(
        all.iter().any(|row| row["fields"].get("Status").is_none()),
        "absent, not null"
    );
    assert_eq!(get(&format!("{ISSUES}?$top=5000")).rows().len(), 231);
    let some = get(&format!(
        "{ISSUES}?$expand=fields($select=Title,Customer)&$top=9"
    ))
    .rows();
    let lookup = some
        .iter()
        .find(|row| row["fields"].get("Customer").is_some());
    let fields = lookup.expect("one with a customer")["fields"]
        .as_object()
        .expect("an object");
    assert_eq!(
        fields.keys().map(String::as_str).collect::<Vec<_>>(),
        ["@odata.etag", "Customer", "Title"]
    );
    refused(
        &get(&format!("{ISSUES}?$expand=fields($select=Nope)")),
        400,
        "invalidRequest",
    );
    refused(
        &get(&format!("{ISSUES}?$expand=versions")),
        400,
        "ExpandNotSupported",
    );
    for option in ["$skip=1", "$count=true", "$search=\"x\""] {
        refused(&get(&format!("{ISSUES}?{option}")), 400, "invalidRequest");
    }
}

#[test]
fn only_indexed_columns_filter_and_sort() {
    let all = http::all(&format!("{ISSUES}?$expand=fields"), &[]);
    let count =
        |good: &dyn Fn(&Value) -> bool| all.iter().filter(|row| good(&row["fields"])).count();
    let found =
        |filter: &str| http::all(&format!("{ISSUES}?$filter={filter}&$select=id"), &[]).len();
    let open = count(&|fields| fields["Status"] == "Open");
    assert_eq!(found("fields/Status eq 'OPEN'"), open);
    assert_eq!(
        found("fields/Score ge 100 and fields/Score lt 200.5"),
        count(&|fields| {
            fields["Score"]
                .as_f64()
                .is_some_and(|score| (100.0..200.5).contains(&score))
        })
    );
    assert_eq!(
        found("fields/DueDate lt 2026-06-01T00:00:00Z"),
        count(&|fields| {
            fields["DueDate"]
                .as_str()
                .is_some_and(|due| due < "2026-06-01")
        })
    );
    assert_eq!(
        found("startswith(fields/Reference,'REF-00')"),
        count(&|fields| {
            fields["Reference"]
                .as_str()
                .is_some_and(|text| text.to_uppercase().starts_with("REF-00"))
        })
    );
    assert_eq!(
        found("fields/Done eq true"),
        count(&|fields| fields["Done"] == true)
    );
    for filter in [
        "fields/Title eq 'x'",
        "fields/Priority gt 3",
        "fields/Budget gt 3",
        "fields/Modified ge 2026-01-01T00:00:00Z",
    ] {
        refused(
            &get(&format!("{ISSUES}?$filter={filter}")),
            400,
            "invalidRequest",
        );
        assert_eq!(
            get_with(&format!("{ISSUES}?$filter={filter}"), &[ANYWAY]).status,
            200,
            "{filter}"
        );
    }
    refused(
        &get(&format!("{ISSUES}?$orderby=fields/Title")),
        400,
        "invalidRequest",
    );
    let sorted = http::all(
        &format!("{ISSUES}?$orderby=fields/Score desc&$expand=fields"),
        &[],
    );
    assert!(
        sorted.is_sorted_by(|a, b| a["fields"]["Score"].as_f64() >= b["fields"]["Score"].as_f64())
    );
    for filter in [
        "createdDateTime ge 2026-01-01T00:00:00Z",
        "id eq '1'",
        "fields/Nope eq 1",
        "fields/Notes eq 'x'",
        "fields/Status eq null",
        "fields/Status eq 1",
        "fields/Score eq '1'",
        "fields/DueDate ge '2026-01-01T00:00:00Z'",
        "contains(fields/Reference,'1')",
        "not (fields/Status eq 'Open')",
        "fields/Status in ('Open')",
        "fields/Status eq",
    ] {
        refused(
            &get_with(&format!("{ISSUES}?$filter={filter}"), &[ANYWAY]),
            400,
            "invalidRequest",
        );
    }
    refused(
        &get(&format!("{ISSUES}?$orderby=createdDateTime")),
        400,
        "invalidRequest",
    );
}

#[test]
fn lookups_filter_by_number_and_ignore_text() {
    let all = http::all(&format!("{ISSUES}?$expand=fields"), &[]);
    let expected = all
        .iter()
        .filter(|row| row["fields"]["CustomerLookupId"] == "7")
        .count();
    assert!(expected > 0);
    let found = |filter: &str| http::all(&format!("{ISSUES}?$filter={filter}"), &[]).len();
    assert_eq!(found("fields/CustomerLookupId eq 7"), expected);
    assert_eq!(found("fields/Customer eq 'O''Brien Ltd.'"), all.len());
    assert_eq!(
        found("fields/Customer eq 'nobody' and fields/Done eq true"),
        found("fields/Done eq true")
    );
}

#[test]
fn item_ids_are_numbers_of_their_list() {
    let issue = get(&format!("{ISSUES}/2?$expand=fields")).json();
    let customer = get("/v1.0/sites/root/lists/Customers/items/2?$expand=fields").json();
    assert_eq!((&issue["id"], &customer["id"]), (&"2".into(), &"2".into()));
    assert_eq!(customer["fields"]["Title"], "Contoso");
    assert_eq!(
        get(&format!("{ISSUES}/2/fields")).json()["Title"],
        issue["fields"]["Title"]
    );
    refused(&get(&format!("{ISSUES}/3")), 404, "itemNotFound");
    let hr = get("/v1.0/sites/contoso.sharepoint.com:/sites/hr").json();
    let path = format!("/v1.0/sites/{}/lists", text(&hr["id"]));
    assert_eq!(get(&format!("{path}/Documents/items")).rows().len(), 0);
    assert_ne!(
        get(&format!("{path}/Customers")).json()["id"],
        get("/v1.0/sites/root/lists/Customers").json()["id"]
    );
}

#[test]
fn items_of_a_library_are_drive_items() {
    let path = "/v1.0/sites/root/lists/Documents/items";
    let all = http::all(&format!("{path}?$expand=fields"), &[]);
    assert_eq!(all.len(), 400);
    let file = all
        .iter()
        .find(|row| row["contentType"]["name"] == "Document")
        .expect("a file");
    let item = get(&format!(
        "{path}/{}/driveItem?$select=name,sharepointIds",
        text(&file["id"])
    ))
    .json();
    assert_eq!(item["name"], file["fields"]["FileLeafRef"]);
    assert_eq!(item["sharepointIds"]["listItemId"], file["id"]);
    let root = get("/v1.0/sites/root?$select=id").json();
    assert_eq!(
        text(&root["id"]).split(',').nth(1),
        item["sharepointIds"]["siteId"].as_str()
    );
    refused(&get(&format!("{ISSUES}/1/driveItem")), 404, "itemNotFound");
}
