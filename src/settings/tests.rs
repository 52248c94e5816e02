//! Connection strings and what they mean.

use super::*;
use crate::error::Result;

fn understood(text: &str) -> Result<Settings> {
    Settings::understand(&parse(text)?.said)
}

#[test]
fn names_are_unique_and_documented() {
    let mut names: Vec<String> = PROPERTIES
        .iter()
        .flat_map(|p| p.aliases.iter().chain([&p.name]))
        .chain(IGNORED)
        .map(|name| name.to_ascii_lowercase())
        .collect();
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(PROPERTIES.iter().all(|p| p.doc.ends_with('.')));
}

#[test]
fn quoting_is_odbcs() {
    let parsed =
        parse(" oauthaccesstoken = {a;b}}c} ; UserId='o''brien@x.org';; Timeout=5").unwrap();
    assert_eq!(parsed.said.get("OAuthAccessToken"), "a;b}c");
    assert_eq!(parsed.said.get("UserId"), "o'brien@x.org");
    assert_eq!(parsed.said.get("Timeout"), "5");
    assert_eq!(parsed.said.get("MaxRetries"), "5");
    assert!(parse("UserId='x").is_err());
    assert!(parse("UserId").is_err());
    assert_eq!(parse("Offline=true").unwrap().notes.len(), 1);
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let error = parse("AzureTenent=x").err().unwrap().to_string();
    assert!(error.contains("did you mean AzureTenant?"), "{error}");
}

#[test]
fn secrets_are_not_shown() {
    let parsed = parse("AzureTenant=t;OAuthClientId=c").unwrap();
    let mut texts = Vec::new();
    // A certificate is a secret where it is no file's name.
    let hush = "-----BEGIN hush";
    for property in PROPERTIES.iter().filter(|property| property.secret) {
        let mut said = parsed.said.clone();
        said.set(property, hush.to_owned());
        let settings = Settings::understand(&said);
        texts.push(format!("{said} {said:?} {settings:?}"));
    }
    assert!(texts.len() >= 8);
    assert!(
        !texts.iter().any(|text| text.contains("hush")),
        "{texts:#?}"
    );
}

#[test]
fn addresses_are_checked() {
    let url = |graph: &str| {
        understood(&format!("OAuthAccessToken=t;GraphUrl={graph}")).map(|s| s.graph_url)
    };
    assert_eq!(
        url("http://127.0.0.1:8080").unwrap(),
        "http://127.0.0.1:8080/v1.0"
    );
    assert_eq!(
        url("http://localhost:1/v1.0/").unwrap(),
        "http://localhost:1/v1.0"
    );
    assert_eq!(
        url("https://graph.microsoft.us/beta").unwrap(),
        "https://graph.microsoft.us/beta"
    );
    assert!(url("http://example.org").is_err());
    assert!(url("ftp://localhost").is_err());
    assert!(url("nonsense").is_err());
    assert_eq!(understood("").unwrap().sign_in, SignIn::Nothing);
    assert_eq!(understood("Demo=true").unwrap().sign_in, SignIn::Demo);
}

#[test]
fn the_scheme_follows_from_what_is_given() {
    let scheme = |text: &str| understood(text).map(|settings| settings.sign_in.scheme());
    let application = "AzureTenant=t;OAuthClientId=c";
    for (text, expected) in [
        (String::new(), ""),
        ("Demo=true;OAuthClientSecret=s".to_owned(), "Demo"),
        ("OAuthAccessToken=t".to_owned(), "OFF"),
        (
            "OAuthTokenCommand=pass graph".to_owned(),
            "OAuthTokenCommand",
        ),
        ("OAuthRefreshToken=r".to_owned(), "AzureAD"),
        ("User=u;Password=p".to_owned(), "Password"),
        (application.to_owned(), "AzureAD"),
        (
            format!("{application};OAuthClientSecret=s"),
            "AzureServicePrincipal",
        ),
        (
            format!("{application};OAuthJWTCert=a.pem"),
            "AzureServicePrincipalCert",
        ),
        (
            format!("{application};FederatedTokenFile=f"),
            "WorkloadIdentity",
        ),
        (
            format!("{application};OAuthClientSecret=s;AuthScheme=DeviceCode"),
            "DeviceCode",
        ),
        ("AuthScheme=azuremsi".to_owned(), "AzureMSI"),
        ("AuthScheme=AzureCLI;AzureTenant=t".to_owned(), "AzureCLI"),
    ] {
        assert_eq!(scheme(&text).unwrap(), expected, "{text}");
    }
    for (text, named) in [
        (
            "AuthScheme=AzureServicePrincipal;AzureTenant=t;OAuthClientId=c",
            "OAuthClientSecret",
        ),
        ("OAuthClientSecret=s;OAuthClientId=c", "AzureTenant"),
        ("AuthScheme=Password;User=u", "Password"),
        ("AuthScheme=OFF", "OAuthAccessToken"),
        ("AuthScheme=Kerberos", "AzureAD"),
    ] {
        let error = understood(text).unwrap_err().to_string();
        assert!(error.contains(named), "{text}: {error}");
    }
}

/// FACTS §5: tokens of one cloud are nothing in another, so that the three belong together.
#[test]
fn a_cloud_sets_login_graph_and_scope() {
    for (cloud, login, graph) in [
        (
            "",
            "https://login.microsoftonline.com",
            "https://graph.microsoft.com",
        ),
        (
            "AzureEnvironment=usgovt",
            "https://login.microsoftonline.us",
            "https://graph.microsoft.us",
        ),
        (
            "AzureEnvironment=USGOVTDOD",
            "https://login.microsoftonline.us",
            "https://dod-graph.microsoft.us",
        ),
        (
            "AzureEnvironment=CHINA",
            "https://login.partner.microsoftonline.cn",
            "https://microsoftgraph.chinacloudapi.cn",
        ),
    ] {
        let settings = understood(&format!("OAuthAccessToken=t;{cloud}")).unwrap();
        assert_eq!(settings.application.login_url, login);
        assert_eq!(settings.graph_url, format!("{graph}/v1.0"));
        assert_eq!(
            settings.application.default_scope,
            format!("{graph}/.default")
        );
    }
    let own = understood("AzureEnvironment=CHINA;LoginUrl=https://login.example.org;GraphUrl=https://graph.example.org").unwrap();
    assert_eq!(
        own.application.token_url(),
        "https://login.example.org/organizations/oauth2/v2.0/token"
    );
    assert_eq!(
        own.application.default_scope,
        "https://graph.example.org/.default"
    );
    assert!(understood("AzureEnvironment=GERMANY").is_err());
}

#[test]
fn a_proxy_is_an_address_or_a_host_and_a_port() {
    let proxy = |text: &str| understood(text).map(|settings| settings.network.proxy);
    let at = |text: &str| match proxy(text).unwrap() {
        Proxy::At { url, .. } => url,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        at("ProxyServer=proxy.example.org;ProxyPort=8080"),
        "http://proxy.example.org:8080"
    );
    assert_eq!(
        at("ProxyServer=socks5://localhost:1080"),
        "socks5://localhost:1080"
    );
    assert_eq!(proxy("").unwrap(), Proxy::System);
    assert_eq!(proxy("ProxyServer=none").unwrap(), Proxy::None);
    for wrong in [
        "ftp://x",
        "http://user:hush@x",
        "x;ProxyPort=0",
        "x;ProxyAuthScheme=NTLM",
    ] {
        let error = proxy(&format!("ProxyServer={wrong}"))
            .unwrap_err()
            .to_string();
        assert!(!error.contains("hush"), "{error}");
    }
}

#[test]
fn what_should_be_known_is_said() {
    let warnings = |text: &str| understood(text).unwrap().warnings().len();
    assert_eq!(warnings("OAuthAccessToken=t"), 0);
    assert_eq!(warnings("OAuthAccessToken=t;TrustSelfSigned=true"), 1);
    assert_eq!(warnings("User=u;Password=p"), 1);
}

#[test]
fn wrong_values_name_the_property() {
    for text in [
        "Timeout=soon",
        "Timeout=0",
        "Pushdown=maybe",
        "OnMailboxError=cry",
        "Demo=2",
    ] {
        let error = understood(&format!("OAuthAccessToken=t;{text}"))
            .unwrap_err()
            .to_string();
        assert!(error.contains(text.split('=').next().unwrap()), "{error}");
    }
}
