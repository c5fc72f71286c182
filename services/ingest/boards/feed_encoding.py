"""How a feed is encoded, by its header and its declaration, tried in feedparser's order (feedparser 6, `encodings.py`)."""

import codecs
import re
from typing import Final

from services.ingest.boards.feed_names import Doubt

_DECLARED: Final = re.compile(rb"""<\?xml\s[^<>?]{0,200}\?>""")
_ENCODING: Final = re.compile(rb"""encoding=['"]([\w.:-]{0,40})['"]""")


def in_utf8(body: bytes, content_type: str | None) -> tuple[bytes, bool]:
    """A feed in UTF-8, and whether it came so. Raises Doubt where neither header nor declaration name an encoding that
    fits; where they name only UTF-8 it is the parser that refuses what is not."""
    kind, _, rest = (content_type or "").partition(";")
    kind = kind.strip()
    header = next(
        (
            value.strip().strip("\"'")
            for name, _, value in (part.partition("=") for part in rest.split(";"))
            if name.strip().lower() == "charset"
        ),
        "",
    )
    own = _own_encoding(body)
    if kind in ("application/xml", "application/xml-dtd", "application/xml-external-parsed-entity") or (
        kind.startswith("application/") and kind.endswith("+xml")
    ):
        named = header or own or "utf-8"
    elif kind.startswith("text/"):
        named = header or "us-ascii"
    else:
        named = own or "utf-8"
    if {named.lower(), own} <= {"utf-8", ""}:
        return body, True
    for encoding in (named, own):
        if encoding and encoding.lower() != "gb2312":
            try:
                return body.decode(encoding).encode(), codecs.lookup(encoding).name in ("utf-8", "ascii")
            except (UnicodeDecodeError, LookupError):
                continue
    raise Doubt("the encoding")


def _own_encoding(body: bytes) -> str:
    """The encoding that a feed declares; feedparser looks for it in all of its first line."""
    line = body[: body.find(b"\n")] if b"\n" in body else body
    if b"encoding=" not in line:
        return ""
    declared = _DECLARED.match(line)
    found = _ENCODING.search(declared[0]) if declared else None
    if found is None or line.count(b"encoding=") > 1:
        raise Doubt("an encoding declared elsewhere")
    return found[1].decode("ascii").lower()
