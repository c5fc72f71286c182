"""What somebody typed into the form of an item, as it was typed, and what an item looks like in it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Protocol

from loti_contracts.events.library_content import Content, ItemKind
from services.portal.library.offering.structure_csv import written
from services.portal.web.words import LONDON

ASKED: Final[Mapping[ItemKind, frozenset[str]]] = MappingProxyType(
    {
        "job description": frozenset({"roles", "levels", "skills", "boroughs", "body", "link", "licence"}),
        "team structure": frozenset({"posts", "boroughs", "body", "link", "licence"}),
        "case study": frozenset({"boroughs", "roles", "skills", "body", "link", "licence"}),
        "training": frozenset({"provider", "skills", "roles", "levels", "body", "link"}),
        "apprenticeship": frozenset({"standard", "provider", "skills", "roles", "levels", "body", "link"}),
        "challenge": frozenset({"boroughs", "community", "working", "roles", "skills", "body", "link"}),
        "event": frozenset({"happening", "boroughs", "skills", "body", "link"}),
    }
)
"""What the form of each kind asks for beside its title and summary."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form; a day is year, month and day as three texts."""

    title: str = ""
    summary: str = ""
    body: str = ""
    link: str = ""
    licence: str = ""
    other_licence: str = ""
    roles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    skills: str = ""
    boroughs: tuple[str, ...] = ()
    community: str = ""
    working: str = ""
    provider: str = ""
    standard: str = ""
    posts: str = ""
    starts_day: str = ""
    starts_month: str = ""
    starts_year: str = ""
    starts_time: str = ""
    ends_day: str = ""
    ends_month: str = ""
    ends_year: str = ""
    ends_time: str = ""
    place: str = ""
    online: str = ""
    note: str = ""


class Fields(Protocol):
    """A form that was sent."""

    def text(self, name: str, *, most: int = ...) -> str:
        """A field's text."""

    def all(self, name: str, *, most: int = ...) -> tuple[str, ...]:
        """A field's texts."""


MOST: Final = 1_000_000
"""Characters that a field may have to be looked at at all; each has its own limit, told beside it."""

_SEVERAL: Final = ("roles", "levels", "boroughs")


def typed_in(form: Fields) -> Typed:
    """What was sent."""
    single: dict[str, Any] = {
        name: form.text(name, most=MOST) for name in Typed.__dataclass_fields__ if name not in _SEVERAL
    }
    several: dict[str, Any] = {
        name: tuple(filter(None, form.all(name, most=MOST)[:100])) for name in _SEVERAL
    }
    return Typed(**single, **several)


def typed_of(content: Content, *, note: str | None = None) -> Typed:
    """The form as it stands for what an item says."""
    known = content.licence or ""
    listed = known in ("", "OGL-UK-3.0", "CC-BY-4.0", "CC0-1.0")
    typed = Typed(
        title=content.title,
        summary=content.summary,
        body=content.body or "",
        link=content.link or "",
        licence=known if listed else "other",
        other_licence="" if listed else known,
        roles=content.standard_roles,
        levels=content.levels,
        skills="\n".join(content.skills),
        boroughs=content.boroughs,
        community=content.community or "",
        provider=content.provider or "",
        standard=content.apprenticeship_standard or "",
        posts=written(content.posts) if content.posts else "",
        note=note or "",
    )
    return _with_times(typed, content)


def _with_times(typed: Typed, content: Content) -> Typed:
    when = content.happening
    if when is None:
        return typed
    starts, ends = when.starts_at.astimezone(LONDON), when.ends_at.astimezone(LONDON)
    return replace(
        typed,
        starts_day=str(starts.day),
        starts_month=str(starts.month),
        starts_year=str(starts.year),
        starts_time=f"{starts:%H:%M}",
        ends_day=str(ends.day),
        ends_month=str(ends.month),
        ends_year=str(ends.year),
        ends_time=f"{ends:%H:%M}",
        place=when.place or "",
        online=when.online or "",
    )
