"""Words of titles: what was one word is one word, however it is spelled, bent or slipped. Pure."""

import html
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

LONGEST: Final = 400
"""Characters of a title that are read."""

LONG_ENOUGH: Final = 7
"""Letters from which on one slip makes no other word: an 'anaylst' is an analyst, a 'tester' no 'teaser'."""

_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_WORD: Final = re.compile(r"[a-z]+[+#]*|\d+[a-z]*")
_ENDINGS: Final = (
    "ological", "ologist", "ology", "ician", "istics", "istic", "ytics", "ation", "ator", "ical", "ysis", "ment",
    "yst", "ist", "ism", "ing", "ure", "ant", "ent", "or", "er", "al", "y", "e",
)  # fmt: skip
_SHORTEST_STEM: Final = 4
_LITTLE: Final = frozenset(["an", "and", "at", "for", "in", "of", "on", "the", "to", "with"])


@cache
def lists() -> Mapping[str, frozenset[str]]:
    """The lists of `words.toml` by name."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return {name: frozenset(words) for name, words in tomllib.loads(text).items()}


def tidy(title: str) -> str:
    """The title in small letters without markup, entities and accents."""
    text = _TAG.sub(" ", html.unescape(html.unescape(title[: 2 * LONGEST])))[:LONGEST]
    plain = (
        unicodedata.normalize("NFKD", text)
        .casefold()
        .replace("’", "'")
        .replace("'s", " ")
        .replace("co-ord", "coord")
    )
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a tidied text in order, in the singular, without little words, letters and numbers."""
    found = (spelled(singular(word)) for word in _WORD.findall(text))
    return tuple(word for word in found if word not in _LITTLE and len(word) > 1 and word[0].isalpha())


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """A word without its plural s."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=20_000)
def spelled(word: str) -> str:
    """The word of `words.toml` that a long word is one slip away from, or the word itself."""
    lists_by_link = _listed()
    if word in lists_by_link["="]:
        return word
    near = {one for link in links(word) for one in lists_by_link.get(link, ()) if _slipped(word, one)}
    return min(near, default=word)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What a journalist and journalism have in common."""
    for _ in range(3):
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                word = word[: -len(ending)]
                break
        else:
            return word
    return word


def same_word(one: str, other: str) -> bool:
    """Whether two words are one: equal, bent from one stem, or a slip of the keyboard apart."""
    return one == other or stem(one) == stem(other) or _slipped(one, other)


def links(word: str) -> Iterator[str]:
    """Strings of which two words that are one have at least one in common: so that one is found by the other."""
    yield f"={stem(word)}"
    if len(word) >= LONG_ENOUGH - 1:
        yield f"~{word}"
        yield from {f"~{word[:at]}{word[at + 1 :]}" for at in range(len(word))}


@cache
def _listed() -> Mapping[str, frozenset[str]]:
    """Every word of the lists under "=", and under each of its links."""
    words = frozenset(word for of in lists().values() for word in of)
    found: dict[str, set[str]] = {"=": set(words)}
    for word in words:
        for link in links(word):
            found.setdefault(link, set()).add(word)
    return {link: frozenset(of) for link, of in found.items()}


def _slipped(one: str, other: str) -> bool:
    """One letter too many, missing, wrong, or two neighbours exchanged; long words alone."""
    short, long = sorted((one, other), key=len)
    if len(long) < LONG_ENOUGH or len(long) - len(short) > 1 or len(short) < LONG_ENOUGH - 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest_short, rest_long = short[at:], long[at:]
    if len(short) < len(long):
        return rest_short == rest_long[1:]
    return rest_short[1:] == rest_long[1:] or (
        rest_short[:2] == rest_long[1::-1] and rest_short[2:] == rest_long[2:]
    )
