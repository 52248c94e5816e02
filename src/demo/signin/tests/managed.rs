//! Managed identities.

use super::{APP, Service, Told};

const MACHINE: &str = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=";
const PLACE: &str = "/msi/token?api-version=2019-08-01&resource=";
const GRAPH: &str = "https%3A%2F%2Fgraph.microsoft.com";
const METADATA: (&str, &str) = ("Metadata", "true");
const HEADER: (&str, &str) = ("X-IDENTITY-HEADER", "demo-identity-header");

fn get(service: &Service, path: &str, header: (&str, &str)) -> Told {
    service.ask("GET", path, &[header], "")
}

#[test]
fn a_machine_is_told_numbers_as_texts() {
    let service = Service::honest();
    let told = get(&service, &format!("{MACHINE}{GRAPH}%2F"), METADATA);
    assert_eq!(told.status, 200, "{told:?}");
    for name in ["expires_in", "expires_on", "not_before", "ext_expires_in"] {
        assert!(told.text_of(name).parse::<i64>().is_ok(), "{told:?}");
    }
    assert_eq!(
        (told.text_of("refresh_token"), told.text_of("resource")),
        ("", "https://graph.microsoft.com/")
    );
    assert_eq!(service.graph(told.text_of("access_token")).status, 200);
    let named = get(
        &service,
        &format!("{MACHINE}{GRAPH}&client_id={APP}"),
        METADATA,
    );
    assert_eq!(named.text_of("client_id"), APP);
    assert_ne!(told.text_of("client_id"), APP);
}

#[test]
fn a_machine_is_refused() {
    let service = Service::honest();
    let good = format!("{MACHINE}{GRAPH}");
    let twice = format!("{good}&client_id={APP}&object_id={APP}");
    let nobody = format!("{good}&client_id=00000000-0000-0000-0000-000000000000");
    for (path, header) in [
        (good.as_str(), ("Metadata", "false")),
        (&good, ("Accept", "*/*")),
        (&good.replace("2018-02-01", "2019-08-01"), METADATA),
        (
            "/metadata/identity/oauth2/token?api-version=2018-02-01",
            METADATA,
        ),
        (
            "/metadata/identity/oauth2/token?resource=https://graph.microsoft.com",
            METADATA,
        ),
        (&twice, METADATA),
        (&nobody, METADATA),
    ] {
        let told = get(&service, path, header);
        assert_eq!(
            (told.status, told.text_of("error")),
            (400, "invalid_request"),
            "{path}"
        );
    }
    for resource in [format!("{GRAPH}%2F.default"), "graph".into()] {
        let told = get(&service, &format!("{MACHINE}{resource}"), METADATA);
        assert_eq!(
            (told.status, told.text_of("error")),
            (400, "invalid_resource")
        );
        assert!(
            told.text_of("error_description")
                .starts_with("AADSTS500011: ")
        );
    }
    let through = [METADATA, ("X-Forwarded-For", "10.0.0.1")];
    assert_eq!(service.ask("GET", &good, &through, "").status, 400);
    assert_eq!(service.ask("POST", &good, &[METADATA], "").status, 405);
}

#[test]
fn app_service_has_a_form_of_its_own() {
    let service = Service::honest();
    let told = get(&service, &format!("{PLACE}{GRAPH}"), HEADER);
    assert!(
        told.text_of("expires_on").parse::<i64>().is_ok(),
        "{told:?}"
    );
    assert_eq!(told.json.get("expires_in"), None);
    assert_eq!(service.graph(told.text_of("access_token")).status, 200);
    for (path, header, status) in [
        (format!("{PLACE}{GRAPH}"), METADATA, 401),
        (format!("{PLACE}{GRAPH}"), ("X-IDENTITY-HEADER", "x"), 401),
        (format!("{PLACE}{GRAPH}%2F.default"), HEADER, 400),
        ("/msi/token?api-version=2019-08-01".into(), HEADER, 400),
    ] {
        assert_eq!(get(&service, &path, header).status, status, "{path}");
    }
}
