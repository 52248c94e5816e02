"""Asks a running Datasette with the plugin: ask.py ADDRESS LOG, where LOG has a line for each Graph request."""

import json
import pathlib
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

address, log = sys.argv[1], pathlib.Path(sys.argv[2])


def get(path):
    with urllib.request.urlopen(address + path, timeout=30) as answer:
        return answer.read().decode()


def sql(text):
    try:
        answer = get("/office365.json?" + urllib.parse.urlencode({"sql": text, "_shape": "arrays"}))
    except urllib.error.HTTPError as error:
        answer = error.read().decode()
    return json.loads(answer)


def requests():
    return len(log.read_text().splitlines()) if log.exists() else 0


def holds(what, is_so, told=""):
    print(f"packages: datasette, {what}", "ok" if is_so else f"FAILED {told}")
    if not is_so:
        sys.exit(1)


for page in "/", "/office365", "/-/plugins.json":
    get(page)
holds("its pages read nothing", requests() == 0, requests())
found = sql("SELECT count(*) FROM Users WHERE accountEnabled")
holds("a query", found.get("rows") == [[52]], found)
holds("which is a request", requests() == 1, requests())
found = sql("SELECT TableName FROM sys_tables WHERE TableName = 'Messages'")
holds("what can be asked", found.get("rows") == [["Messages"]], found)
page = (pathlib.Path(__file__).parents[2] / "docs/tools/datasette.md").read_text()
statement, printed = re.search(r"```sql\n(.*?)\n```\n\n```text\n(.*?)```", page, re.S).groups()
found = get("/office365.csv?" + urllib.parse.urlencode({"sql": statement})).replace("\r\n", "\n")
holds("its page in docs/tools", found == printed, found)
for forbidden in (
    "SELECT SendMail('a@contoso.com', 'x', 'y')",
    "SELECT o365_connect('Readonly=false')",
    "INSERT INTO Messages(subject) VALUES ('x')",
    "SELECT * FROM SendMail",
):
    found = sql(forbidden)
    holds(f"{forbidden[:15]}… is refused", found.get("ok") is False, found)
