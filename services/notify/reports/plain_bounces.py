"""Bounces in a form of a mail system's own, as far as they can be told surely. Pure.

Two are known: qmail's (its format is published as QSBMF) and that of an Exim without delivery reports, which names its
recipients in X-Failed-Recipients. Words alone, from whoever, are no bounce.
"""

import re

from services.notify.reports.dsn import Fate, addresses_in, status_in
from services.notify.reports.parts import Came, first, text

_QMAIL = re.compile(r"\AHi\. This is the ", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\r?\n[ \t]*\r?\n")
_RECIPIENT = re.compile(r"\A<([^<>\s@]{1,64}@[^<>\s@]{1,255})>:\s*\r?\n?(.*)\Z", re.DOTALL)
_LONGEST = 20_000
_EXIM_ID = re.compile(r"<E[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}@")
_CODE = re.compile(r"(?<![\d.])([45])\d\d(?![\d.])")


def read(came: Came) -> tuple[Fate, ...]:
    """What the message reports; nothing where it is in neither form."""
    words = next(
        (text(part)[:_LONGEST] for part in came.parts if part.get_content_type() == "text/plain"), ""
    )
    if _QMAIL.match(words):
        return _qmail(words)
    if (failed := first(came.fields, "x-failed-recipients")) and _is_exim(came):
        return tuple(
            Fate((address,), "failed", _status(_near(address, words)), _near(address, words))
            for address in addresses_in(failed)
        )
    return ()


def _qmail(words: str) -> tuple[Fate, ...]:
    """Paragraphs that begin with a recipient, until the break before the copy of the mail (a line of dashes)."""
    fates = []
    for paragraph in _PARAGRAPH.split(words):
        if paragraph.lstrip().startswith("---"):
            break
        if found := _RECIPIENT.match(paragraph.strip()):
            said = " ".join(found[2].split())
            fates.append(Fate((found[1].lower(),), "failed", _status(said), said))
    return tuple(fates)


def _is_exim(came: Came) -> bool:
    """Its name in a Received line, or a Message-ID in the form that it makes."""
    return any("exim" in value.lower() for name, value in came.fields if name == "received") or bool(
        _EXIM_ID.match(first(came.fields, "message-id"))
    )


def _near(address: str, words: str) -> str:
    """What stands below a recipient in Exim's list, indented further than it."""
    at = words.lower().find(address)
    return " ".join(words[at + len(address) : at + 1_000].partition("\n\n")[0].split()) if at >= 0 else ""


def _status(said: str) -> str | None:
    """The status of RFC 3463 where there is one, or 5.0.0 or 4.0.0 by the first reply code."""
    if status := status_in(said):
        return status
    code = _CODE.search(said)
    return f"{code[1]}.0.0" if code else None
