"""Texts from outside, made harmless: what is let into a letter, a subject or a link. Pure."""

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 200
"""Characters of a text from outside that a mail shows; what is longer is cut at a word."""

LONGEST_LINK: Final = 2_000

_UNSUSPICIOUS = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u20ac]*")
_FIT_FOR_URL = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+", re.IGNORECASE | re.ASCII)
_UNSEEN = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters to Unicode, empty to the eye
_STYLED = ("<font>", "<wide>", "<narrow>", "<small>", "<circle>", "<square>")
_MOST_MARKS = 2  # on one letter

# What mailboxes make a link of by themselves: a scheme, a domain, an address.
_LINKABLE = re.compile(
    r"(?<=[A-Za-z0-9]):(?=//)|(?<=\w)[.\u2024\u3002\uff0e\uff61](?=[^\W\d_]{2,})|(?<=\w)@(?=\w)"
    r"|(?<=\bmailto):|(?<=\btel):",
    re.IGNORECASE,
)


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text on one line: no control, direction or invisible characters, no more than `longest` long.

    A title cannot bring a header, a line of its own, letters that run backwards or towers of accents into a mail.
    Letters that only dress up as others (𝗕𝗼𝗹𝗱, Ｗｉｄｅ) become those others.
    """
    head = text[: longest * 20]
    line = " ".join((head if _UNSUSPICIOUS.fullmatch(head) else _cleaned(head)).split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    at_word, _, rest = cut.rpartition(" ")
    return f"{at_word if at_word and len(rest) < 40 else cut.rstrip()}…"


def _cleaned(text: str) -> str:
    made: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if character.isspace() or category in ("Cc", "Zl", "Zp"):
            made.append(" ")
        elif category in ("Cf", "Cs", "Co", "Cn") or character in _UNSEEN or marks > _MOST_MARKS:
            continue
        elif unicodedata.decomposition(character).startswith(_STYLED):
            made.append(unicodedata.normalize("NFKC", character))
        else:
            made.append(character)
    return "".join(made)


def paragraphs(text: str, longest: int = 2_000) -> tuple[str, ...]:
    """The paragraphs of a longer text, each on one line; all of them together at most about `longest` long."""
    made: list[str] = []
    for part in re.split(r"\r\n?|[\n\u2028\u2029]", text[: longest * 20]):
        left = longest - sum(map(len, made))
        if left <= 0:
            break
        if line := one_line(part, left):
            made.append(line)
    return tuple(made)


@lru_cache(maxsize=8_192)
def unlinked(text: str) -> str:
    """The text so that no mailbox makes a link of anything in it: a zero-width space stands where one would begin.

    GOV.UK Notify does the same to its own name. Words alone never lead anywhere: a link is a `Link`. The words of many
    letters are the same, and each is asked for in three forms: hence what was asked last is kept.
    """
    return _LINKABLE.sub("\\g<0>\u200b", text)


def address_in_words(email: str) -> str:
    """A mail address as it is shown: on one line, its domain spelt for SMTP, where look-alikes cannot pass for ASCII."""
    local, at, domain = one_line(email, 254).rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            domain = domain.encode("ascii", "backslashreplace").decode("ascii")
    return f"{local}{at}{domain}"


def is_web(url: str, longest: int = LONGEST_LINK) -> bool:
    """Whether it is a plain absolute http or https address with a host: no spaces, quotes, sign-ins or letters
    beyond ASCII (look-alikes of a known host)."""
    if len(url) > longest or not _FIT_FOR_URL.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError for what is no port
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc


def first_web(*urls: str | None) -> str | None:
    """The first of them that can be linked, as it was published; None where none can."""
    return next((url for url in urls if url and is_web(url)), None)


def host(url: str) -> str:
    """jobs.camden.gov.uk"""
    return one_line((urlsplit(url).hostname or "").removeprefix("www."), 80)
