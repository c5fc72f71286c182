"""What differs between two versions of what an item says, line by line. Pure."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from loti_contracts.events.library_content import Content, Post, WorkingOn
from services.portal.web.words import borough, day, moment

MOST_LINES: Final = 1_500
"""Longer texts are told apart as a whole: comparing line by line takes time by the square of their length."""

_AROUND: Final = 2
_LABELS: Final = {
    "title": "Title",
    "summary": "Summary",
    "body": "Text",
    "link": "Link",
    "licence": "Licence",
    "standard_roles": "Standard roles",
    "levels": "Levels",
    "skills": "Skills",
    "boroughs": "Boroughs",
    "happening": "When and where",
    "posts": "Posts",
    "community": "Community of practice",
    "working_on": "Who works on it",
    "provider": "Provider",
    "apprenticeship_standard": "Apprenticeship standard",
}

Mark = Literal["same", "gone", "new", "skipped"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one field says otherwise: its lines, each with a mark. A stretch of equal lines is one skipped line."""

    label: str
    lines: Sequence[tuple[Mark, str]]


def differences(before: Content, after: Content) -> tuple[Difference, ...]:
    """Field by field; empty where both say the same."""
    told: list[Difference] = []
    for field, label in _LABELS.items():
        old, new = _lines(getattr(before, field)), _lines(getattr(after, field))
        if old != new:
            told.append(Difference(label, tuple(_marked(old, new))))
    return tuple(told)


def _marked(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Mark, str]]:
    if len(old) + len(new) > MOST_LINES:
        yield "skipped", f"too long to be compared line by line: {len(old):,} lines before, {len(new):,} now"
        return
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield from _folded(old[a:b], first=a == 0, last=b == len(old))
        else:
            yield from (("gone", line) for line in old[a:b])
            yield from (("new", line) for line in new[c:d])


def _folded(lines: Sequence[str], *, first: bool, last: bool) -> Iterator[tuple[Mark, str]]:
    head = 0 if first else _AROUND
    tail = 0 if last else _AROUND
    hidden = len(lines) - head - tail
    if hidden <= 1:
        yield from (("same", line) for line in lines)
        return
    yield from (("same", line) for line in lines[:head])
    yield "skipped", f"{hidden:,} lines as before"
    yield from (("same", line) for line in lines[len(lines) - tail :])


def _lines(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [line.rstrip() for line in value.splitlines() if line.strip()]
    if isinstance(value, tuple):
        return [_line(one) for one in value]
    starts, ends, place, online = (
        getattr(value, name) for name in ("starts_at", "ends_at", "place", "online")
    )
    return [
        f"from {moment(starts)}",
        f"to {moment(ends)}",
        *([place] if place else []),
        *([online] if online else []),
    ]


def _line(one: object) -> str:
    if isinstance(one, Post):
        named = ", ".join(filter(None, (one.standard_role, one.level, one.team)))
        posts = f"{one.count} ({one.vacant} vacant)" if one.vacant else f"{one.count}"
        return f"{one.title}: {posts}{f'; {named}' if named else ''}; reports to {one.reports_to or 'nobody here'}"
    if isinstance(one, WorkingOn):
        return f"{borough(one.borough)}: {one.what}{f' (since {day(one.since)})' if one.since else ''}"
    return borough(str(one))
