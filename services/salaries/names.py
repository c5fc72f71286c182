"""Understanding what a person calls a standard role: surely, or not at all.

A name is understood where its words, in any order, are those of one standard role, of one of its role levels or of
a synonym in `role_names.toml`, at most one of them misspelt by one keystroke. Whatever is less than that is
answered with the roles that it may mean. Similarity alone never decides: a landscape architect resembles an
enterprise architect more than an "Ent. Arch" does.
"""

from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz.distance import OSA

from loti_contracts.vocabulary import Level, standard_roles
from services.salaries.role_names import Meaning, Names, Words, key, published, words

SHORTEST_MENDED: Final = 6
"""Letters. In a shorter word one keystroke makes another word too easily: date, text, best."""

NEAREST_NAMED: Final = 5

_LIKE: Final = 0.4
"""How alike, 0 to 1, a name must be to be worth offering."""


@dataclass(frozen=True, slots=True)
class Understood:
    """One standard role. `level` is None where the name says none; `as_written` is False where it was written
    otherwise than the standard name, and the person should be told."""

    role: str
    level: Level | None
    as_written: bool


@dataclass(frozen=True, slots=True)
class Unclear:
    """No one role for sure. `choices` are standard roles, the likeliest first; `several` where the name fits each of
    them, and they are not merely near."""

    choices: tuple[str, ...]
    several: bool


def understand(name: str) -> Understood | Unclear:
    """What a person's name for a role means. Never raises; reads the first 200 characters."""
    names = published()
    said = words(name)
    meant, slips = _mended(said, names)
    for asked in (key(meant), key(_less_levels(meant, names))):
        if asked in names.several:
            return Unclear(names.several[asked], several=True)
        if asked in names.near:
            return Unclear(names.near[asked], several=False)
    found = _found(said, names) or _found(meant, names)
    if found is None:
        return _unclear(said, meant, names)
    if slips > 1:
        return Unclear((found.role,), several=False)
    return Understood(found.role, found.level, as_written=key(said) == key(words(found.role)))


def _found(said: Words, names: Names) -> Meaning | None:
    """The role that these words name: as they stand, or less the words that say how senior."""
    whole = names.by_words.get(key(said)) or names.by_letters.get("".join(said))
    if whole is not None:
        return whole
    levels = {names.levels[word] for word in said if word in names.levels}
    rest = _less_levels(said, names)
    less = names.by_words.get(key(rest)) or names.by_letters.get("".join(rest))
    if less is None or len(levels) != 1 or less.level is not None:
        return None
    return replace(less, level=levels.pop())


def _less_levels(said: Words, names: Names) -> Words:
    return tuple(word for word in said if word not in names.levels)


def _mended(said: Words, names: Names) -> tuple[Words, int]:
    """The words with shortened ones written out and slips mended, and how many slips there were."""
    result: list[str] = []
    slips = 0
    for word in said:
        if word in names.shortened:
            result.extend(names.shortened[word])
        elif word in names.known:
            result.append(word)
        else:
            meant = _meant(word, names)
            slips += meant != word
            result.append(meant)
    return tuple(result), slips


def _meant(word: str, names: Names) -> str:
    """The one known word that is a keystroke away; the word itself where there is none, or are several."""
    if len(word) < SHORTEST_MENDED or word in names.not_slips:
        return word
    near = [known for known in names.known if known[0] == word[0] and _one_slip(known, word)]
    return near[0] if len(near) == 1 else word


def _one_slip(known: str, word: str) -> bool:
    return len(known) >= SHORTEST_MENDED and OSA.distance(known, word, score_cutoff=1) <= 1


def _unclear(said: Words, meant: Words, names: Names) -> Unclear:
    """Every role whose name has all these words; where none has, the nearest."""
    core = set(_less_levels(meant, names)) or set(meant)
    fits = tuple(role for role in standard_roles() if core and core <= set(words(role)))
    if fits:
        return Unclear(fits, several=len(fits) > 1)
    likeness = dict.fromkeys(standard_roles(), 0.0)
    for letters, meaning in names.by_letters.items():
        if len(letters) < SHORTEST_MENDED:  # An abbreviation is like everything.
            continue
        alike = OSA.normalized_similarity("".join(said), letters)
        likeness[meaning.role] = max(likeness[meaning.role], alike)
    for entry, meaning in names.by_words.items():
        shared = len(core & set(entry)) / len(core | set(entry))
        # Shared words weigh a little less than shared letters: one slip in a name must not outdo the name itself.
        likeness[meaning.role] = max(likeness[meaning.role], 0.8 * shared)
    near = sorted((role for role in likeness if likeness[role] >= _LIKE), key=lambda r: (-likeness[r], r))
    return Unclear(tuple(near[:NEAREST_NAMED]), several=False)
