"""The vocabulary of titles, as LOTI staff edit it in `vocabulary.yaml`, made ready to be looked up."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, TypeAlias, cast

import yaml

from services.ingest.titles.words import words

Kind = Literal["look_alike", "other_job", "other_work", "borderline", "role", "digital", "hint"]
Document: TypeAlias = dict[str, dict[str, object]]

KINDS: Final[tuple[Kind, ...]] = (
    "look_alike",
    "other_job",
    "other_work",
    "borderline",
    "role",
    "digital",
    "hint",
)
"""What an entry can say; where two entries are equally exact, the earlier kind is believed."""

_SECTIONS: Final[Mapping[str, Kind]] = {
    "look_alikes": "look_alike",
    "other_jobs": "other_job",
    "other_work": "other_work",
    "borderline": "borderline",
    "digital": "digital",
    "hints": "hint",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Words that, found in a title, say something about it.

    `parts` are runs of neighbouring words; where there are several they may stand anywhere. Each word is the
    set of words that fit.
    """

    text: str
    kind: Kind
    role: str | None
    parts: tuple[tuple[frozenset[str], ...], ...]

    @property
    def length(self) -> int:
        """How many words it takes: the more, the more exact."""
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything `vocabulary.yaml` says, indexed by the first word of each entry's first part."""

    entries: Mapping[str, tuple[Entry, ...]]
    same: Mapping[tuple[str, ...], tuple[str, ...]]
    levels: Mapping[str, tuple[tuple[str, ...], ...]]
    unsaid: tuple[tuple[str, ...], ...]
    tells: tuple[tuple[str, ...], ...]
    unsure: frozenset[str]
    spellings: tuple[str, ...]
    known: frozenset[str]


@cache
def published() -> Vocabulary:
    """The vocabulary as it ships."""
    return compiled(document())


def document() -> Document:
    """`vocabulary.yaml` as it is written: sections of entries, each entry with an example title."""
    text = files(__package__).joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    return cast(Document, yaml.safe_load(text))


def compiled(source: Document) -> Vocabulary:
    """A document made ready. Raises KeyError for a <group> that is not there."""
    groups = {
        name: frozenset(w for text in _phrases(group) for w in _phrase(text))
        for name, group in _nested(source["groups"])
    }
    index: defaultdict[str, list[Entry]] = defaultdict(list)
    entries = list(_entries(source, groups))
    for entry in entries:
        for word in entry.parts[0][0]:
            index[word].append(entry)
    same = {
        _phrase(text): _phrase(str(standard)) for standard, texts in _nested(source["same"]) for text in texts
    }
    levels = {name: tuple(_phrase(text) for text in texts) for name, texts in _nested(source["levels"])}
    unsaid = tuple(_phrase(text) for text in source["unsaid"])
    tells = tuple(_phrase(text) for text in source["tells"])
    known = {word for entry in entries for part in entry.parts for fits in part for word in fits}
    known |= {word for phrases in levels.values() for phrase in phrases for word in phrase}
    known |= {word for phrase in itertools.chain(same, same.values(), unsaid) for word in phrase}
    return Vocabulary(
        entries={word: tuple(found) for word, found in index.items()},
        same=same,
        levels=levels,
        unsaid=unsaid,
        tells=tells,
        unsure=frozenset(source["unsure"]),
        spellings=tuple(sorted(word for word in known if len(word) >= 7 and word.isalpha())),
        known=frozenset(known),
    )


def _entries(source: Document, groups: Mapping[str, frozenset[str]]) -> Iterator[Entry]:
    for section, kind in _SECTIONS.items():
        for text in source[section]:
            yield Entry(text, kind, None, _parts(text, groups))
    for role, texts in _nested(source["roles"]):
        for text in texts:
            yield Entry(text, "role", role, _parts(text, groups))


def _parts(text: str, groups: Mapping[str, frozenset[str]]) -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(tuple(_fits(part, groups)) for part in text.split(" + "))


def _fits(part: str, groups: Mapping[str, frozenset[str]]) -> Iterator[frozenset[str]]:
    for token in part.split():
        if token.startswith("<"):
            yield groups[token.strip("<>")]
        else:
            yield from (frozenset({word}) for word in _phrase(token))


@cache
def _phrase(text: str) -> tuple[str, ...]:
    return words(text)


def _nested(section: dict[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    for name, entries in section.items():
        yield name, cast(dict[str, object], entries or {})


def _phrases(group: dict[str, object]) -> Iterator[str]:
    yield from map(str, group)
