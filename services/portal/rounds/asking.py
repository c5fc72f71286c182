"""A new round from what was typed. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 200
"""Characters of a title."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field, and what to do."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was filled in."""

    title: str = ""
    requests: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    related_only: bool = False


def read(
    typed: Typed, *, requests: Collection[str], supporters: Collection[str]
) -> tuple[Mapping[str, Any], Sequence[Fault]]:
    """The fields of the round, and what is wrong. Who is not among those who can be chosen any more is told of."""
    faults = []
    if not typed.title:
        faults.append(Fault("title", "Enter a title, such as: Spring mentoring 2027."))
    elif len(typed.title) > LONGEST:
        faults.append(
            Fault("title", f"Shorten the title to {LONGEST} characters; it has {len(typed.title)}.")
        )
    if not set(typed.requests) <= set(requests):
        faults.append(
            Fault("requests", "Some of those whom you chose were answered meanwhile. Choose again.")
        )
    if not set(typed.supporters) <= set(supporters):
        faults.append(Fault("supporters", "Some of those whom you chose have withdrawn. Choose again."))
    return {
        "title": typed.title,
        "request_ids": typed.requests,
        "supporter_ids": typed.supporters,
        "related_only": typed.related_only,
    }, faults
