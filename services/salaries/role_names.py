"""The names of standard roles: the framework's own, and what people say (`role_names.toml`), ready to look up."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeAlias

from loti_contracts.vocabulary import Level, standard_roles

LONGEST_READ: Final = 200
"""Characters; no role has a longer name."""

Words: TypeAlias = tuple[str, ...]

_JOINING: Final = frozenset({"a", "an", "and", "for", "in", "of", "on", "the", "to", "with", "role"})
_WORD: Final = re.compile(r"[a-z0-9]+[+#]*")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A standard role, and the level where the name says one."""

    role: str
    level: Level | None


@dataclass(frozen=True, slots=True)
class Names:
    """All names: by their words sorted, and by their letters run together."""

    by_words: Mapping[Words, Meaning]
    by_letters: Mapping[str, Meaning]
    several: Mapping[Words, tuple[str, ...]]
    """Names that are used of several roles."""
    near: Mapping[Words, tuple[str, ...]]
    """Names that no role has, with those nearest to them."""
    shortened: Mapping[str, Words]
    levels: Mapping[str, Level]
    known: frozenset[str]
    not_slips: frozenset[str]
    """Words a keystroke away from a known one that mean something else."""


def words(text: str) -> Words:
    """The words of a name in order: lower case, no accents, singular, without those that only join."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_READ]).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(_singular(word) for word in _WORD.findall(plain) if word not in _JOINING)


def key(said: Words) -> Words:
    """Words in no particular order."""
    return tuple(sorted(said))


@cache
def published() -> Names:
    """The names as they ship."""
    text = files(__package__).joinpath("role_names.toml").read_text(encoding="utf-8")
    file: dict[str, Any] = tomllib.loads(text)
    levels: dict[str, Level] = {word: level for level, said in file["levels"].items() for word in said}
    several, near = (
        {key(words(name)): tuple(roles) for name, roles in file[part].items()} for part in ("several", "near")
    )
    by_words: dict[Words, Meaning] = {}
    by_letters: dict[str, Meaning] = {}
    for name, meaning in _entries(file):
        by_words.setdefault(key(words(name)), meaning)
        by_letters.setdefault("".join(words(name)), meaning)
    return Names(
        by_words=by_words,
        by_letters=by_letters,
        several=several,
        near=near,
        shortened={short: words(long) for short, long in file["words"].items()},
        levels=levels,
        known=frozenset({word for name in (*by_words, *several, *near) for word in name} | set(levels)),
        not_slips=frozenset(file["not_slips"]["words"]),
    )


def synonyms() -> Iterator[tuple[str, str]]:
    """Every synonym of the file, with the standard role that it names."""
    text = files(__package__).joinpath("role_names.toml").read_text(encoding="utf-8")
    for role, names in tomllib.loads(text)["synonyms"].items():
        for name in names:
            yield name, role


def _entries(file: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    """Every name and what it means; the first of a name is the one that counts."""
    for role in standard_roles():
        yield role, Meaning(role, None)
    for role, names in file["synonyms"].items():
        for name in names:
            yield name, Meaning(role, None)
    for role, standard in standard_roles().items():
        for rung in standard.levels:
            yield rung.name, Meaning(role, None if rung.level == "practitioner" else rung.level)


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
