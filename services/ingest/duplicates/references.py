"""Vacancy numbers: one number printed two ways, two numbers of one series, or the numbers of two systems."""

from typing import Final

_END: Final = 5
_SHAPE: Final = str.maketrans({**{str(n): "9" for n in range(10)}, **{chr(c): "a" for c in range(97, 123)}})


def same_reference(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both print one vacancy number, perhaps one of them with a prefix."""
    return any(
        a == b or (min(len(a), len(b)) >= _END and (a.endswith(b) or b.endswith(a)))
        for a in one
        for b in other
    )


def other_numbers(one: frozenset[str], other: frozenset[str]) -> tuple[str, str] | None:
    """Two vacancy numbers of one series that differ: the same letters before digits of the same length. Others may
    be two systems' numbers for one job."""
    for a in sorted(one):
        for b in sorted(other):
            if a != b and a.translate(_SHAPE) == b.translate(_SHAPE) and _letters(a) == _letters(b):
                return a, b
    return None


def _letters(reference: str) -> str:
    return reference[: len(reference) - len(reference.lstrip("abcdefghijklmnopqrstuvwxyz"))]


def look_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both print numbers that look alike and are not the same."""
    shapes = {reference.translate(_SHAPE) for reference in one}
    return any(reference.translate(_SHAPE) in shapes for reference in other)
