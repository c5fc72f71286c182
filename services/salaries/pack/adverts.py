"""The latest adverts, fit to be shown. Everything in an advert was written by somebody else."""

import unicodedata
from typing import Any, Final
from urllib.parse import urlsplit

from loti_contracts.vocabulary import authorities
from services.salaries.in_words import pounds
from services.salaries.observations import Observation

LONGEST: Final = 140
"""Characters of a title or a pay text; of an employer's name, less."""


def advert(offer: Observation) -> dict[str, Any]:
    """What the page says of one advert. Not escaped: the template does that."""
    known = authorities()
    said = offer.advert
    boroughs = " and ".join(known[gss].name for gss in sorted(offer.authorities) if gss in known)
    return {
        "title": one_line(said.title, LONGEST) or "Untitled advert",
        "link": link(said.link),
        "employer": one_line(said.employer or "", 80) or boroughs,
        "boroughs": boroughs,
        "printed": one_line(said.pay.text, LONGEST) if said.pay else "",
        "counted": _counted(offer),
        "how": None if offer.rule in (None, "year", "day") else offer.how,
        "level": offer.level,
        "seen_on": offer.seen_on,
        "closed": said.closed,
    }


def link(address: str | None) -> str | None:
    """The address if a browser may be sent there: http or https, with a host. None for any other."""
    if address is None:
        return None
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


def one_line(text: str, most: int) -> str:
    """The text without control and direction characters, its white space joined, cut at a word if it is too long."""
    seen = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text[: 8 * most])
    line = " ".join(seen.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:-–(") + "…"


def _counted(offer: Observation) -> str:
    every = f"a {offer.period}"
    if offer.bottom is not None and offer.top is not None:
        low, high = pounds(offer.bottom), pounds(offer.top)
        return f"{low} {every}" if low == high else f"{low} to {high} {every}"
    if offer.bottom is not None:
        return f"from {pounds(offer.bottom)} {every}"
    return f"up to {pounds(offer.top)} {every}" if offer.top is not None else "not counted"
