"""Microsoft's own sign-in library against the demo tenant's sign-in service; prints one line for each way in.

msal_signin.py URL CA KEY CERTIFICATE: where the service is, whom to trust for it, and with what an application proves itself."""

import os
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

import msal
import requests

URL, CA, KEY, CERTIFICATE = sys.argv[1:]
AUTHORITY = URL + "/contoso.com"
APP = "c0ffee00-0000-4000-8000-000000000001"
DEFAULT = ["https://graph.microsoft.com/.default"]
SCOPES = ["User.Read.All"]


class Session(requests.Session):
    """MSAL forgets the port when it asks what kind of account a name is."""

    def request(self, method, url, **options):
        return super().request(method, url.replace("https://localhost/", URL + "/"), **options)


session = Session()
session.verify = CA
COMMON = {"authority": AUTHORITY, "instance_discovery": False, "http_client": session}


def said(name, result):
    """Says how it went; the token has to open Graph."""
    assert result and "access_token" in result, (name, result)
    bearer = {"Authorization": "Bearer " + result["access_token"]}
    answer = session.get(URL + "/v1.0/users?$top=1", headers=bearer, timeout=10)
    print(name, answer.status_code)
    return result


def refused(name, result):
    print(name, "refused:", result["error"], result["error_codes"][0])


def application(credential):
    return msal.ConfidentialClientApplication(APP, client_credential=credential, **COMMON)


def public():
    return msal.PublicClientApplication(APP, **COMMON)


def client_secret():
    app = application("demo-secret")
    first = said("client secret", app.acquire_token_for_client(DEFAULT))
    again = app.acquire_token_for_client(DEFAULT)
    assert again["access_token"] == first["access_token"], "not out of the cache"
    refused("wrong secret", application("guess").acquire_token_for_client(DEFAULT))


def certificate():
    with open(KEY, encoding="ascii") as key, open(CERTIFICATE, encoding="ascii") as own:
        key, own = key.read(), own.read()
    app = application({"private_key": key, "public_certificate": own})
    said("certificate, SHA-256", app.acquire_token_for_client(DEFAULT))
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    read = x509.load_pem_x509_certificate(own.encode())
    thumbprint = read.fingerprint(hashes.SHA1()).hex()  # noqa: S303  (what older applications have)
    app = application({"private_key": key, "thumbprint": thumbprint})
    said("certificate, SHA-1", app.acquire_token_for_client(DEFAULT))
    app = application({"private_key": key, "thumbprint": "00" * 20})
    refused("wrong certificate", app.acquire_token_for_client(DEFAULT))


def user_password():
    app = public()
    result = app.acquire_token_by_username_password("adele@contoso.com", "demo-password", SCOPES)
    said("password", result)
    (account,) = app.get_accounts()
    assert account["username"] == "adele@contoso.com", account
    silent = app.acquire_token_silent(SCOPES, account=account, force_refresh=True)
    said("refresh", silent)
    assert silent["access_token"] != result["access_token"], "not a new one"
    # The cache holds the newest refresh token: that of before was used up.
    said("refresh again", app.acquire_token_silent(SCOPES, account=account, force_refresh=True))
    wrong = public().acquire_token_by_username_password("adele@contoso.com", "guess", SCOPES)
    refused("wrong password", wrong)


def device_code():
    app = public()
    flow = app.initiate_device_flow(SCOPES)
    typed = {"otc": flow["user_code"]}

    def type_it():
        time.sleep(1.5)
        assert session.post(flow["verification_uri"], data=typed, timeout=10).status_code == 200

    somebody = threading.Thread(target=type_it)
    somebody.start()
    result = said("device code", app.acquire_token_by_device_flow(flow))
    somebody.join()
    assert result["id_token_claims"]["preferred_username"] == "adele@contoso.com", result
    flow = app.initiate_device_flow(SCOPES)
    no = {"otc": flow["user_code"], "decline": "1"}
    assert session.post(flow["verification_uri"], data=no, timeout=10).status_code == 200
    refused("declined", app.acquire_token_by_device_flow(flow))


def authorization_code():
    for name, app in [("code", public()), ("code of a server", application("demo-secret"))]:
        flow = app.initiate_auth_code_flow(SCOPES, redirect_uri="http://localhost:5000")
        page = session.get(flow["auth_uri"], allow_redirects=False, timeout=10)
        if page.status_code == 302:
            back = parse_qs(urlsplit(page.headers["Location"]).query)
            back = {name: values[0] for name, values in back.items()}
        else:
            fields = page.text.split('<input type="hidden" name="')[1:]
            back = {field.split('"')[0]: field.split('value="')[1].split('"')[0] for field in fields}
        said(name, app.acquire_token_by_auth_code_flow(flow, back))


def managed_identity():
    def get(identity):
        client = msal.ManagedIdentityClient(identity, http_client=session)
        return client.acquire_token_for_client(resource="https://graph.microsoft.com")

    os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = URL
    said("identity of a machine", get(msal.SystemAssignedManagedIdentity()))
    said("identity that was assigned", get(msal.UserAssignedManagedIdentity(client_id=APP)))
    os.environ["IDENTITY_ENDPOINT"] = URL + "/msi/token"
    os.environ["IDENTITY_HEADER"] = "demo-identity-header"
    said("identity of a service", get(msal.SystemAssignedManagedIdentity()))


client_secret()
certificate()
user_password()
device_code()
authorization_code()
managed_identity()
