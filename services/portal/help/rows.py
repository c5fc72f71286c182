"""Rows of a form that can be more: `span-1-first`, `span-1-last`, `span-2-first`, … Pure."""

from collections.abc import Sequence

from services.portal.help.values import Values, one


def filled(values: Values, what: str, parts: Sequence[str], most: int) -> list[int]:
    """The numbers of the rows in which something stands."""
    return [row for row in range(1, most + 1) if any(one(values, f"{what}-{row}-{part}") for part in parts)]


def shown(values: Values, what: str, parts: Sequence[str], most: int, *, more: bool = False) -> range:
    """The numbers of the rows that a form shows: those in which something stands, and an empty one; with `more`
    another."""
    last = max(filled(values, what, parts, most), default=0)
    return range(1, min(most, last + 1 + more) + 1)


def field_names(what: str, parts: Sequence[str], most: int) -> list[str]:
    """The names of all fields that such rows can have."""
    return [f"{what}-{row}-{part}" for row in range(1, most + 1) for part in parts]
