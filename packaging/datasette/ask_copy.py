"""Asks a running Datasette that serves a copy, without any plugin: ask_copy.py ADDRESS."""

import json
import sys
import urllib.parse
import urllib.request

address = sys.argv[1]


def get(path, **options):
    query = urllib.parse.urlencode(options)
    with urllib.request.urlopen(f"{address}{path}?{query}", timeout=30) as answer:
        return answer.read().decode()


def sql(text):
    (row,) = json.loads(get("/copy.json", sql=text, _shape="arrays"))["rows"]
    return row


def holds(what, is_so, told=""):
    print(f"packages: datasette on a copy, {what}", "ok" if is_so else f"FAILED {told}")
    if not is_so:
        sys.exit(1)


plugins = json.loads(get("/-/plugins.json"))
holds("no plugin", not any("office365" in plugin["name"] for plugin in plugins), plugins)
for page in "/", "/copy", "/copy/Messages", "/copy/UsersWithLicenses":
    get(page)
found = sql("SELECT count(*), count(DISTINCT parentFolderId) > 5 FROM Messages")
holds("rows", found == [1200, 1], found)
found = get("/copy/MessageTexts", _search="budget")
holds("search", "budget" in found.lower())
found = sql("SELECT count(*) FROM MessageSearch WHERE MessageSearch MATCH 'budget'")
holds("full text", found[0] > 100, found)
