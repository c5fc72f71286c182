"""Domains: which borough an address is in. Pure.

`borough_domains.json` has each authority's domains with their source, and what is not known.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pydantic import TypeAdapter


def boroughs_of(email: str) -> tuple[str, ...]:
    """GSS codes of the boroughs whose domain the address is in, or a subdomain of it; more than one where they share a
    domain, none where no borough has it."""
    labels = email.rpartition("@")[2].casefold().rstrip(".").split(".")
    known = _domains()
    return next((known[domain] for domain in _ends(labels) if domain in known), ())


def borough_of(email: str) -> str | None:
    """The one borough whose domain the address is in."""
    found = boroughs_of(email)
    return found[0] if len(found) == 1 else None


def _ends(labels: list[str]) -> list[str]:
    """a.b.c, b.c, c"""
    return [".".join(labels[at:]) for at in range(len(labels))]


@cache
def _domains() -> Mapping[str, tuple[str, ...]]:
    text = files(__package__).joinpath("borough_domains.json").read_text(encoding="utf-8")
    document = TypeAdapter(dict[str, object]).validate_json(text)
    found = TypeAdapter(dict[str, tuple[str, ...]]).validate_python(document["domains"])
    return MappingProxyType(found)
