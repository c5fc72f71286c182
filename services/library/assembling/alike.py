"""How far two lines say the same, by the words that carry their meaning. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

ALIKE: Final = 0.58
"""From here on two lines say the same; chosen on the development set (`python -m tests.library.accuracy_assembling`)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMPTY = _words(
    """
    a about across again all also an and any are as at be been being between both but by can could each either
    every for from get has have having here how if in including into is it its just like may more most must not
    of on one or other our own per shall she should so some such than that the their them then there these they
    this those through to too up upon us use used using very was we were what when where whether which while who
    will with within would you your yours you'll you'd we'll what's
    """
)
_WEAK = _words(
    """
    experience experienced ability able good strong excellent proven sound knowledge understand understanding
    skill skilled work works working service services council team teams role job ensure support help make
    provide include relevant range high level levels well new need needs similar tool tools possible regularly
    closely clear clearly least day days year years people colleagues staff
    """
)
_ENDINGS = ("ational", "isations", "isation", "izations", "ization", "ations", "ation", "ingly", "ments", "ment", "ities",
            "ity", "ings", "ing", "ied", "ies", "ed", "ers", "er", "ors", "or", "ly", "ive", "ion", "ions", "es", "s", "e")  # fmt: skip
_WORD = re.compile(r"[a-z0-9][a-z0-9+#.]*[a-z0-9+#]|[a-z0-9]")
_WEAK_WEIGHT = 0.35
_HOPELESS = (ALIKE - 0.4) / 0.6 + 0.05
"""Below, no likeness of letters that lines with other words have would make them alike."""


@dataclass(frozen=True, slots=True)
class Words:
    """A line as it is compared: its text in small letters, the stems that carry its meaning, and those that carry little."""

    text: str
    meaning: frozenset[str]
    weak: frozenset[str]
    weight: float


def words_of(text: str) -> Words:
    """What a line is compared by."""
    plain = text.lower().replace("’", "'").replace("-", " ").replace("data set", "dataset")
    words = [word for word in _WORD.findall(plain.replace("[the employer]", " ")) if word not in _EMPTY]
    weak = frozenset(stem(word) for word in words if word in _WEAK)
    meaning = frozenset(stem(word) for word in words) - weak
    return Words(plain, meaning, weak, len(meaning) + _WEAK_WEIGHT * len(weak))


def alike(one: Words, other: Words) -> float:
    """0 (nothing in common) to 1. Two lines must share at least two words that mean something, or say nothing else."""
    meant = len(one.meaning & other.meaning)
    if meant == 0 or (meant == 1 and min(len(one.meaning), len(other.meaning)) > 1):
        return 0.0
    shared = meant + _WEAK_WEIGHT * len(one.weak & other.weak)
    by_words = 1.4 * shared / (one.weight + other.weight) + 0.3 * shared / min(one.weight, other.weight)
    if by_words < _HOPELESS:
        return by_words
    by_letters = fuzz.token_sort_ratio(one.text, other.text) / 100
    return max(by_words, 0.6 * by_words + 0.4 * by_letters)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without what inflects it; at least four letters stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)].removesuffix("i")
    return word
