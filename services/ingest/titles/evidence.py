"""What the vocabulary finds in a title, and which finding is believed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from services.ingest.titles.vocabulary import KINDS, Entry, Vocabulary
from services.ingest.titles.words import own, replaced, words

_OUTDOES_ALL: Final = 100
_WORDS_READ: Final = 30
_REPEATS_READ: Final = 2
_NOT_DIGITAL: Final = ("look_alike", "other_job", "other_work")


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry of the vocabulary and where its words stand in the title."""

    entry: Entry
    places: frozenset[int]

    @property
    def weight(self) -> tuple[int, int, int]:
        """The most words win, then the more careful kind, then what stands first.

        A job that the title begins with outdoes all that follows it; a hint is outdone by everything.
        """
        kind, length = self.entry.kind, self.entry.length
        if kind == "hint":
            length = 0
        elif kind == "other_job" and 0 in self.places:
            length = _OUTDOES_ALL
        return length, -KINDS.index(kind), -min(self.places)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A title's words in standard spelling, and the slips that were forgiven to get there."""

    words: tuple[str, ...]
    slips: tuple[tuple[str, str], ...]


def spelled(title: str, vocabulary: Vocabulary) -> Spelled:
    """The words of a title as the vocabulary spells them.

    A long word that is one slip of the keyboard from one the vocabulary knows is taken for it; such a reading
    is never a confident one.
    """
    times: Counter[str] = Counter()
    slips: list[tuple[str, str]] = []
    result: list[str] = []
    for word in words(own(title))[:_WORDS_READ]:
        times[word] += 1
        if times[word] > _REPEATS_READ:
            continue
        meant = word if word in vocabulary.known else _meant(word, vocabulary.spellings)
        if meant != word:
            slips.append((word, meant))
        result.append(meant)
    return Spelled(replaced(tuple(result), vocabulary.same), tuple(slips))


def findings(title: Sequence[str], vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Everything found, most believed first, less what a look-alike takes out of the reading."""
    found = [finding for at in range(len(title)) for finding in _starting(title, at, vocabulary)]
    masks = [finding for finding in found if finding.entry.kind == "look_alike"]
    kept = [finding for finding in found if not any(_hidden(finding, mask) for mask in masks)]
    return tuple(sorted(kept, key=lambda finding: finding.weight, reverse=True))


def contains(title: Sequence[str], phrases: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The first of these phrases that stands in the title."""
    for phrase in phrases:
        length = len(phrase)
        if phrase[0] in title and any(
            tuple(title[at : at + length]) == phrase for at in range(len(title) - length + 1)
        ):
            return phrase
    return None


def _starting(title: Sequence[str], at: int, vocabulary: Vocabulary) -> Iterator[Finding]:
    for entry in vocabulary.entries.get(title[at], ()):
        places = _places(title, at, entry)
        if places is not None:
            yield Finding(entry, places)


def _places(title: Sequence[str], at: int, entry: Entry) -> frozenset[int] | None:
    first, *others = entry.parts
    if not _stands(title, at, first):
        return None
    places = set(range(at, at + len(first)))
    for part in others:
        for start in range(len(title)):
            run = range(start, start + len(part))
            if places.isdisjoint(run) and _stands(title, start, part):
                places.update(run)
                break
        else:
            return None
    return frozenset(places)


def _stands(title: Sequence[str], at: int, part: Sequence[frozenset[str]]) -> bool:
    if at + len(part) > len(title):
        return False
    return all(title[at + offset] in fits for offset, fits in enumerate(part))


def _hidden(finding: Finding, mask: Finding) -> bool:
    """Whether a look-alike takes a finding out.

    One just as exact that begins before it stays: an "Enterprise Architect - Highways" draws no roads.
    """
    if finding.entry.kind in _NOT_DIGITAL:
        return False
    if finding.places.isdisjoint(mask.places) or finding.entry.length > mask.entry.length:
        return False
    return finding.entry.length < mask.entry.length or min(mask.places) <= min(finding.places)


def _meant(word: str, spellings: Sequence[str]) -> str:
    if len(word) < 6 or not word.isalpha():
        return word
    close = extractOne(word, spellings, scorer=OSA.distance, score_cutoff=1)
    return close[0] if close is not None and close[0][0] == word[0] else word
