// Pages and batches with Microsoft's own JavaScript client. Its requests are led to the demo server as a TLS-terminating proxy would.
import assert from "node:assert/strict";
import { BatchRequestContent, BatchResponseContent, Client, PageIterator } from "@microsoft/microsoft-graph-client";

const server = new URL(process.argv[2]);

async function token() {
  const form = new URLSearchParams({
    client_id: "demo-client",
    scope: "Mail.Read User.Read.All",
    grant_type: "password",
    username: "adele@contoso.com",
    password: "demo-password",
  });
  const answer = await fetch(new URL("/contoso.com/oauth2/v2.0/token", server), { method: "POST", body: form });
  assert.equal(answer.status, 200);
  return (await answer.json()).access_token;
}

const straight = globalThis.fetch;
globalThis.fetch = async (input, options = {}) => {
  const asked = new URL(input.url ?? input);
  if (asked.host === server.host) return straight(input, options);
  assert.equal(asked.host, "graph.microsoft.com", `the client wanted to talk to ${asked.host}`);
  const headers = new Headers(options.headers ?? input.headers);
  headers.set("X-Forwarded-Proto", "https");
  headers.set("X-Forwarded-Host", asked.host);
  const method = options.method ?? input.method ?? "GET";
  const body = options.body ?? (method === "GET" ? undefined : await input.text?.());
  return straight(new URL(asked.pathname + asked.search, server), { ...options, method, body, headers });
};

const bearer = await token();
const client = Client.init({ authProvider: (done) => done(null, bearer) });

const me = await client.api("/me").select("displayName").get();
assert.equal(me.displayName, "Adele Vance");

const ids = new Set();
const first = await client.api("/me/messages").top(400).select("id").get();
await new PageIterator(client, first, (message) => ids.add(message.id) && true).iterate();
assert.equal(ids.size, 1200);

const advanced = await client.api("/users").header("ConsistencyLevel", "eventual").count(true).filter("endswith(mail,'@contoso.com')").top(5).get();
assert.equal(advanced.value.length, 5);
assert.ok(advanced["@odata.count"] > 20);

await assert.rejects(client.api("/users").filter("endswith(mail,'x')").get(), { statusCode: 400, code: "Request_UnsupportedQuery" });

// Node's Request takes no relative URL, which is what a batch needs; the client reads these members only.
const step = (url, i) => ({ id: String(i), request: { url, method: "GET", headers: new Headers() } });
const steps = ["/me", "/users?$top=3", "/users/nobody@contoso.com"].map(step);
const content = await new BatchRequestContent(steps).getContent();
const answers = new BatchResponseContent(await client.api("/$batch").post(content));
assert.equal(answers.getResponseById("0").status, 200);
assert.equal((await answers.getResponseById("1").json()).value.length, 3);
assert.equal(answers.getResponseById("2").status, 404);

console.log("microsoft-graph-client: me, paged messages, advanced query, error, batch");
