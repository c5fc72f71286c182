"""Which word was meant by one that nobody used."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_LEAST: Final = 3
"""Shorter ones are near too many others to say what was meant."""


def typed_words(words: str) -> tuple[str, ...]:
    """The words of a search that may have been typed wrongly, each once, in small letters."""
    found = (one.casefold() for one in _WORD.findall(words))
    return tuple(dict.fromkeys(one for one in found if len(one) >= _LEAST and not one.isdigit()))[:8]


def meant(typed: str, known: Iterable[str]) -> str | None:
    """The known word that `typed` begins, or else that is fewest slips away from it; None where none is near.

    A slip is a letter too many, too few, another one, or two that changed places. Of 3 letters one may be wrong, of 6
    or more two.
    """
    words = sorted(set(known), key=lambda word: (len(word), word))
    for word in words:
        if len(typed) > _LEAST and word.startswith(typed):
            return word
    most = 1 if len(typed) < 6 else 2
    best = min(((slips(typed, word), word) for word in words), default=(most + 1, ""))
    return best[1] if best[0] <= most else None


def respelt(words: str, instead: Mapping[str, str]) -> str:
    """The search with words put in the place of others; what stands between them stays."""
    return _WORD.sub(lambda found: instead.get(found[0].casefold(), found[0]), words)


def slips(one: str, other: str) -> int:
    """How many slips are between two words: the optimal string alignment distance (Damerau 1964)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        two_before, before = before, row
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
    return row[-1]
