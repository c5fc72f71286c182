"""What somebody who types a search means, slips in spelling forgiven. Pure."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W_][\w'’+#-]*")
MOST_WORDS = 20
"""Of one search; the rest is not looked for."""
MOST_MEANT = 8
"""Words that one slip may stand for."""


def words_of(asked: str) -> list[str]:
    """The words of a search, in small letters; `OR`, quotation marks and the like are not understood, only words are."""
    words = (found.rstrip("'’-").lower()[:80] for found in _WORD.findall(asked))
    return [word for word in dict.fromkeys(words) if word != "or"][:MOST_WORDS]


def meant(word: str, known: Iterable[str]) -> Sequence[str]:
    """The known words that it may be a slip of, the nearest first: one letter wrong, missing, too many or in the other's
    place in words of four to seven letters, two in longer ones. None for shorter words and for figures."""
    allowed = 0 if len(word) < 4 or any(letter.isdigit() for letter in word) else 1 if len(word) < 8 else 2
    if not allowed:
        return ()
    near = []
    for other in known:
        distance = OSA.distance(word, other, score_cutoff=allowed)
        if 0 < distance <= allowed:
            near.append((distance, other))
    return tuple(other for _, other in sorted(near)[:MOST_MEANT])


def question(word: str, instead: Sequence[str]) -> str:
    """A word and what it may stand for, as PostgreSQL's websearch_to_tsquery reads it."""
    return " OR ".join(f'"{one}"' for one in (word, *instead))
