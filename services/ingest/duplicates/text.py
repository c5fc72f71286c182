"""How far two adverts' texts agree: word for word, all but a little, as teaser and whole, or hardly."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Literal

from rapidfuzz.distance import Levenshtein

RUN: Final = 3
"""Words of one shingle."""

MOST: Final = 800
"""Words of a text that are compared by shingles; whether two texts are word for word the same looks at all."""

_LONGEST: Final = 20_000
_SAYS: Final = 8
"""Words below which a text says nothing."""
_FULL: Final = 20
"""Words from which a text is an advert's and not a slogan."""
_LONG: Final = 40
_TAIL: Final = 80
"""Characters at the end of a text in which a board says that there is more."""
_SWAP: Final = 4
"""Words that two texts may have in one place for it to be a swap and not another sentence."""

_TAG: Final = re.compile(r"<[^<>]{0,400}>|</?[a-z]{1,10}$", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_LEFT: Final = frozenset(
    re.findall(
        r"\w+", "nbsp amp br li ul p strong span div quot rsquo lsquo ndash mdash hellip bull apos lt gt"
    )
)
_MORE: Final = re.compile(
    r"(?:\s*(?:\.{2,}|…|\[\.\.\.\]|\[…\]))?\s*(?:read more|more details|view job|apply now|find out more|see more)?[\s.>»]*$",
    re.IGNORECASE,
)
_CUT: Final = re.compile(r"\w*(?:\.{3}|…|\[\.\.\.\]|\[…\])\s*$")
_WHEN: Final = frozenset(
    re.findall(
        r"\w+",
        "january february march april may june july august september october november december jan feb mar apr jun jul"
        " aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday noon midnight",
    )
)
_KINDS_OF_TEAM: Final = frozenset(
    re.findall(
        r"\w+",
        "north south east west central northern southern eastern western adult adults child children childrens family families"
        " youth housing homelessness education finance planning highways parks libraries primary secondary day night days nights"
        " inner outer permanent temporary locality mash fostering adoption leaving disability disabilities older",
    )
)

Agreement = Literal["verbatim", "near", "teaser", "part", "unknown", "different"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text read: all its words folded, as written, its hash, and the hashes of its runs of words."""

    words: tuple[str, ...]
    written: tuple[str, ...]
    whole: int
    shingles: frozenset[int]


@dataclass(frozen=True, slots=True)
class TextAgreement:
    """How two texts agree; `share` of the shorter one's runs of words that the other has, 0 to 1; `swapped` is a
    pair of names or services where one text has the one and the other the other; `reworded` is whether any word of
    weight stands in the place of another."""

    kind: Agreement
    share: float
    swapped: tuple[str, str] | None = None
    reworded: bool = False


@lru_cache(maxsize=20_000)
def read_text(text: str | None) -> Text:
    """The words of a description, without markup, entities and what boards put after a teaser. Never raises."""
    raw = html.unescape(html.unescape((text or "")[:_LONGEST]))
    raw = _TAG.sub(" ", raw.replace("\u00ad", "").replace("\u200b", ""))
    raw = raw[:-_TAIL] + _uncut(raw[-_TAIL:])
    plain = re.sub(r"['’‘ʼ`]", "", raw)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    written = tuple(word for word in _WORD.findall(plain) if word.lower() not in _LEFT)
    words = tuple(word.casefold() for word in written)
    return Text(words, written, hashed(" ".join(words)), frozenset(_runs(words[:MOST])))


def _uncut(end: str) -> str:
    """The end of a text without "Read more" and without the word that a teaser breaks off in."""
    more = _MORE.search(end)
    cut = bool(more and more[0].lstrip().startswith(("..", "…", "[")))
    return _CUT.sub("", (end[: more.start()] if more else end) + "…" * cut)


def hashed(text: str) -> int:
    """64 bits of a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def simhash(shingles: frozenset[int]) -> int:
    """64 bits of which most agree for texts that mostly agree; 0 for no text."""
    if not shingles:
        return 0
    sums = [0] * 8
    for shingle in shingles:
        for at, byte in enumerate(shingle.to_bytes(8, "big")):
            sums[at] += _SPREAD[byte]
    half = len(shingles) / 2
    bits = 0
    for total in sums:
        for place in range(8):
            bits = bits << 1 | ((total >> 16 * place & 0xFFFF) > half)
    return bits


_SPREAD: Final = tuple(sum((byte >> place & 1) << 16 * place for place in range(8)) for byte in range(256))
"""Each bit of a byte as a counter of its own, 16 bits wide, so that one addition counts eight."""


def compare_texts(one: Text, other: Text, ignoring: frozenset[str] = frozenset()) -> TextAgreement:
    """How two texts agree. `ignoring` are words (of employers) that may be written differently."""
    length = min(len(one.words), len(other.words))
    if length < _SAYS:
        return TextAgreement("unknown", 0.0)
    if one.whole == other.whole:
        return TextAgreement("verbatim" if length >= _FULL else "teaser", 1.0)
    fewer, more = sorted((one.shingles, other.shingles), key=len)
    share = len(fewer & more) / max(1, len(fewer))
    alike = len(fewer) / max(1, len(more))
    full = alike >= 0.5
    if share >= 0.7:
        kind: Agreement = "near" if full and length >= _FULL else "teaser"
        return TextAgreement(kind, share, *_replaced(one, other, ignoring))
    if share >= 0.35:
        return TextAgreement("part", share, *(_replaced(one, other, ignoring) if full else ()))
    if share < 0.1 and length >= _LONG:
        return TextAgreement("different", share)
    return TextAgreement("unknown", share)


def _replaced(one: Text, other: Text, ignoring: frozenset[str]) -> tuple[tuple[str, str] | None, bool]:
    """What tells two jobs apart where a text has other words in a place, and whether any words of weight are other."""
    mine, theirs = one.words[:MOST], other.words[:MOST]
    reworded = False
    for kind, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if kind != "replace" or b - a > _SWAP or d - c > _SWAP:
            continue
        reworded = reworded or _apart(_weighty(mine[a:b], ignoring), _weighty(theirs[c:d], ignoring))
        said, heard = _telling(one, a, b, ignoring), _telling(other, c, d, ignoring)
        names_a_team = not _KINDS_OF_TEAM.isdisjoint(map(str.casefold, (*said, *heard)))
        if _apart(said, heard) and (b - a == d - c or names_a_team):
            return (" ".join(said), " ".join(heard)), True
    return None, reworded


def _apart(said: Sequence[str], heard: Sequence[str]) -> bool:
    return bool(said and heard) and not any(_like(word, twin) for word in said for twin in heard)


def _weighty(words: Sequence[str], ignoring: frozenset[str]) -> list[str]:
    return [w for w in words if len(w) >= 4 and w.isalpha() and w not in _WHEN and w not in ignoring]


def _telling(text: Text, start: int, end: int, ignoring: frozenset[str]) -> list[str]:
    """The words in a place of a text that can tell two jobs apart: names, and parts of a service; as written."""
    return [
        text.written[at]
        for at in range(start, end)
        if len(word := text.words[at]) >= 3
        and word.isalpha()
        and word not in _WHEN
        and word not in ignoring
        and (word in _KINDS_OF_TEAM or (at > 0 and text.written[at][0].isupper()))
    ]


def _like(word: str, twin: str) -> bool:
    return Levenshtein.normalized_similarity(word.casefold(), twin.casefold()) >= 0.8


def _runs(words: tuple[str, ...]) -> Iterator[int]:
    for at in range(max(0, len(words) - RUN + 1)):
        yield hashed(" ".join(words[at : at + RUN]))
