"""The bodies that hurt a careless reader: nested tags, entity bombs, a login page in a list's place."""

from xml.sax.saxutils import escape

DEPTH = 200_000
"""Tags, or brackets, one in the other."""
_LAUGHS = 9
"""Entities that name the one before ten times: a billion words when expanded."""


def login_page() -> bytes:
    """A page that asks who is there."""
    return (
        b"<!doctype html><html lang=en-GB><head><meta charset=utf-8><title>Sign in</title></head><body>"
        b"<h1>Sign in</h1><form method=post><label>Name <input name=user></label>"
        b"<label>Password <input name=password type=password></label><button>Sign in</button></form></body></html>"
    )


def nested(body: bytes, media_type: str) -> bytes:
    """The page with DEPTH elements in one another near its beginning (brackets in JSON)."""
    if "json" in media_type:
        return b'{"deep": ' + b"[" * DEPTH + b"]" * DEPTH + b", " + body.lstrip()[1:]
    if "html" in media_type:
        head, found, tail = body.partition(b"<main>")
        return head + found + b"<div>" * DEPTH + tail if found else b"<div>" * DEPTH + body
    head, found, tail = body.partition(
        b"<item>" if b"<item>" in body else b"<Item>" if b"<Item>" in body else b"<entry>"
    )
    return head + found + b"<x>" * DEPTH + b"</x>" * DEPTH + tail


def entities(body: bytes, media_type: str) -> bytes:
    """The XML page with an entity bomb and a local file in its first title; for other pages, an RSS feed of that."""
    text = body.decode("utf-8", "replace")
    if "xml" not in media_type:
        text = (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Jobs</title><item><title>Job</title>'
            f"<link>http://127.0.0.1/</link><description>{escape(media_type)}</description></item></channel></rss>"
        )
    laughs = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, _LAUGHS + 1))
    doctype = f'<!DOCTYPE jobs [<!ENTITY a0 "ha">{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    declaration, _, rest = text.partition("?>")
    inside = (
        rest.replace("<title>", f"<title>&a{_LAUGHS};&file;", 1)
        if "<title>" in rest
        else rest.replace("<Title>", f"<Title>&a{_LAUGHS};&file;", 1)
    )
    return f"{declaration}?>{doctype}{inside}".encode()
