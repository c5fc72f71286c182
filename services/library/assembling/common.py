"""Lines that several adverts have in common: near-duplicates found across adverts of different employers. Pure.

Pairs of lines are joined from the most alike to the least; two groups become one while their lines are alike on average and
no advert would stand in it twice. Employers are counted, not adverts: what one employer prints on every advert of its own
is not common.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean

from services.library.assembling.alike import ALIKE, Words, alike, words_of
from services.library.assembling.headings import Section
from services.library.assembling.lines import Line

FEWEST_VOICES = 2
MOST_COMMON = 40
"""Lines of a draft; those that fewest adverts say are left out."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the advert at that position; `voice` is the same for all adverts of one employer."""

    advert: int
    voice: int
    line: Line


@dataclass(frozen=True, slots=True)
class Common:
    """What several adverts say: in whose words, in which section, and the lines that say it."""

    text: str
    section: Section
    place: float
    said: tuple[Said, ...]

    @property
    def adverts(self) -> tuple[int, ...]:
        """The positions of the adverts that say it."""
        return tuple(sorted({one.advert for one in self.said}))


def common_lines(said: Sequence[Said], *, at_least: float = ALIKE) -> list[Common]:
    """The lines that at least two employers have in common, those that most say first."""
    words = [words_of(one.line.text) for one in said]
    groups = [group for group in _groups(said, words, at_least) if _voices(said, group) >= FEWEST_VOICES]
    found = []
    for group in groups:
        spoken = _spokesman(said, words, group)
        if spoken is not None:
            lines = tuple(said[index] for index in group)
            section = _section(lines)
            place = fmean(one.line.place for one in lines)
            found.append(Common(said[spoken].line.text, section, place, lines))
    return sorted(found, key=lambda one: (-len(one.adverts), one.place, one.text))[:MOST_COMMON]


def _groups(said: Sequence[Said], words: Sequence[Words], at_least: float) -> list[list[int]]:
    likeness = _likeness(said, words, at_least)
    group_of = {index: [index] for index in range(len(said))}
    for first, second in sorted(likeness, key=lambda pair: (-likeness[pair], pair)):
        one, other = group_of[first], group_of[second]
        if one is other or {said[i].advert for i in one} & {said[i].advert for i in other}:
            continue
        between = fmean(likeness.get((min(i, j), max(i, j)), 0.0) for i in one for j in other)
        if between < at_least * 0.7:
            continue
        one += other
        for index in other:
            group_of[index] = one
    return [sorted(group) for index, group in group_of.items() if group[0] == index and len(group) > 1]


def _likeness(said: Sequence[Said], words: Sequence[Words], at_least: float) -> dict[tuple[int, int], float]:
    """How alike lines of different adverts are, where they are, by their positions."""
    by_word: dict[str, list[int]] = {}
    found: dict[tuple[int, int], float] = {}
    for index, (one, its) in enumerate(zip(said, words, strict=True)):
        near = Counter(chain.from_iterable(by_word.get(word, ()) for word in its.meaning))
        for other, shared in near.items():
            if shared * 2 < min(len(its.meaning), len(words[other].meaning)):
                continue
            if said[other].advert == one.advert or not _may_be_one(
                said[other].line.section, one.line.section
            ):
                continue
            how = alike(words[other], its)
            if how >= at_least:
                found[other, index] = how
        for word in its.meaning:
            by_word.setdefault(word, []).append(index)
    return found


def _may_be_one(one: Section, other: Section) -> bool:
    """A duty is no requirement, however alike they are worded; `about` is where lines go that nothing else claims."""
    return one == other or "about" in (one, other)


def _voices(said: Sequence[Said], group: Sequence[int]) -> int:
    return len({said[index].voice for index in group})


def _spokesman(said: Sequence[Said], words: Sequence[Words], group: Sequence[int]) -> int | None:
    """The line that says best what all say: the one with the fewest words of its own. None where each of them names
    something that no other does."""
    ranked = []
    for index in group:
        others = [words[other] for other in group if other != index]
        own = words[index].meaning.difference(*(other.meaning | other.weak for other in others))
        if not _names(said[index].line.text) & own:
            nearness = fmean(alike(words[index], other) for other in others)
            ranked.append((len(own) - nearness, len(said[index].line.text), said[index].line.text, index))
    return min(ranked)[-1] if ranked else None


def _names(text: str) -> set[str]:
    """The stems of words with a capital, or figures, that do not begin the line."""
    return {
        stem
        for word in text.split()[1:]
        if word[:1].isupper() or word[:1].isdigit()
        for stem in words_of(word).meaning
    }


def _section(lines: Sequence[Said]) -> Section:
    """Where most of them stand; `about` only if all do."""
    counts: dict[Section, int] = {}
    for one in lines:
        counts[one.line.section] = counts.get(one.line.section, 0) + (0 if one.line.section == "about" else 1)
    return max(sorted(counts), key=lambda section: counts[section])
