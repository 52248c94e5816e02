"""Leads every request of the `requests` library to the demo server, as a TLS-terminating proxy would: the clients above it keep Microsoft's host names and know nothing of it."""

from urllib.parse import urlsplit, urlunsplit

from requests.adapters import HTTPAdapter

HOSTS = {"graph.microsoft.com", "login.microsoftonline.com"}


def lead_to(url):
    target = urlsplit(url)
    send = HTTPAdapter.send

    def redirected(self, request, **options):
        asked = urlsplit(request.url)
        if asked.netloc not in HOSTS:
            raise AssertionError(f"a client wanted to talk to {asked.netloc}")
        request.headers["X-Forwarded-Proto"] = "https"
        request.headers["X-Forwarded-Host"] = asked.netloc
        request.url = urlunsplit((target.scheme, target.netloc, asked.path, asked.query, ""))
        answer = send(self, request, **options)
        answer.url = urlunsplit(asked)
        return answer

    HTTPAdapter.send = redirected
