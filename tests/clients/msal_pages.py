"""Signs in with MSAL in three ways and pages through users with plain requests."""

import sys

import msal
import requests
import wire

wire.lead_to(sys.argv[1])
AUTHORITY = "https://login.microsoftonline.com/contoso.com"
GRAPH = "https://graph.microsoft.com/v1.0"


def rows(token, path):
    url, found, pages = GRAPH + path, [], 0
    while url:
        answer = requests.get(url, headers={"Authorization": "Bearer " + token}, timeout=10)
        answer.raise_for_status()
        page = answer.json()
        found, pages, url = found + page["value"], pages + 1, page.get("@odata.nextLink")
    return found, pages


app = msal.ConfidentialClientApplication("demo-client", authority=AUTHORITY, client_credential="demo-secret")
token = app.acquire_token_for_client(["https://graph.microsoft.com/.default"])
assert "access_token" in token, token
found, pages = rows(token["access_token"], "/users?$top=7&$select=id")
assert (len({user["id"] for user in found}), pages) == (60, 9), (len(found), pages)

wrong = msal.ConfidentialClientApplication("demo-client", authority=AUTHORITY, client_credential="guess")
refused = wrong.acquire_token_for_client(["https://graph.microsoft.com/.default"])
assert refused["error"] == "invalid_client" and refused["error_codes"] == [7000215], refused

public = msal.PublicClientApplication("demo-client", authority=AUTHORITY)
token = public.acquire_token_by_username_password("adele@contoso.com", "demo-password", ["Mail.Read"])
assert "access_token" in token, token
found, pages = rows(token["access_token"], "/me/messages?$top=300&$select=id")
assert (len({message["id"] for message in found}), pages) == (1200, 4), (len(found), pages)
account = public.get_accounts()[0]
assert account["username"] == "adele@contoso.com", account
token = public.acquire_token_silent(["Mail.Read"], account=account, force_refresh=True)
assert token and "access_token" in token, token

flow = public.initiate_device_flow(["User.Read"])
token = public.acquire_token_by_device_flow(flow)
assert token["id_token_claims"]["preferred_username"] == "adele@contoso.com", token

print("msal: client secret, password, refresh and device code; users and messages paged")
