"""What an item's page says about it, beside its text. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from loti_contracts.events.library_content import Content, ItemKind
from services.portal.web.words import borough, day

LICENCES: Final[Mapping[str, str]] = {
    "OGL-UK-3.0": "Open Government Licence v3.0",
    "CC-BY-4.0": "Creative Commons Attribution 4.0",
    "CC0-1.0": "Creative Commons Zero (no rights reserved)",
}
"""By their SPDX identifiers (spdx.org/licenses)."""

_LICENCE_LINKS: Final[Mapping[str, str]] = {
    "OGL-UK-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the summary: words, each with the address that it leads to, or None."""

    label: str
    values: Sequence[tuple[str, str | None]]


def facts(content: Content, kind: ItemKind) -> list[Fact]:
    """What there is to say, in the order of the page."""
    return [fact for fact in _facts(content, kind) if fact.values]


def _facts(content: Content, kind: ItemKind) -> Iterator[Fact]:
    raised = "Raised by" if kind == "challenge" else "From"
    yield Fact(raised, [(borough(gss), _library(borough=gss)) for gss in content.boroughs])
    yield Fact("Community of practice", _plain(content.community))
    yield Fact("Standard role", [(role, _library(role=role)) for role in content.standard_roles])
    yield Fact("Level", [(level.capitalize(), _library(level=level)) for level in content.levels])
    yield Fact("Skills", [(skill, _library(skill=skill)) for skill in content.skills])
    yield Fact("Provider", _plain(content.provider))
    yield Fact("Apprenticeship standard", _plain(content.apprenticeship_standard))
    if content.link and safe_link(content.link):
        yield Fact("In full", [(content.link, content.link)])
    licence = content.licence
    yield Fact("Licence", [(LICENCES.get(licence, licence), _LICENCE_LINKS.get(licence))] if licence else [])


def safe_link(address: str) -> bool:
    """Whether a page may lead there: http and https alone."""
    return address.lower().startswith(("https://", "http://"))


def card_line(row: Mapping[str, Any]) -> str:
    """The line below a title in a list: whose, which role and level, when."""
    parts = [", ".join(borough(gss) for gss in row["boroughs"][:3])]
    if len(row["boroughs"]) > 3:
        parts[0] += f" and {len(row['boroughs']) - 3} more"
    parts.append(", ".join(row["standard_roles"][:2]) if row["kind"] != "team structure" else "")
    parts.append(", ".join(row["levels"][:3]) if row["kind"] == "job description" else "")
    parts.append(row["provider"] or "")
    if row["working"]:
        parts.append(f"{row['working']} working on it")
    parts.append(day(row["starts_at"]) if row["starts_at"] else f"published {day(row['published_at'])}")
    return " · ".join(filter(None, parts))


def roles_links(roles: Sequence[str]) -> list[tuple[str, str, str]]:
    """Each role with where its jobs and its pay are."""
    return [
        (role, f"/jobs?{urlencode({'role': role})}", f"/pay?{urlencode({'role': role})}")
        for role in roles[:4]
    ]


def _library(**asked: str) -> str:
    return f"/library?{urlencode(asked)}"


def _plain(text: str | None) -> list[tuple[str, str | None]]:
    return [(text, None)] if text else []
