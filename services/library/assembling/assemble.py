"""A draft assembled from adverts: their lines, what several have in common, and which say it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.library.adverts import Advert
from services.library.assembling.common import Common, Said, common_lines
from services.library.assembling.drops import dropped, nameless
from services.library.assembling.lines import lines_of

FEWEST_LINES = 3
"""With fewer lines in common there is no draft."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """What adverts have in common. `adverts` are those that say any of it, in the order in which lines count them;
    `looked_at` is how many were read, `voices` how many employers stand behind those that count."""

    adverts: tuple[Advert, ...]
    lines: tuple[Common, ...]
    looked_at: int
    voices: int


class NothingInCommon(Exception):
    """No draft can be made of these adverts; the text says why, for a reviewer."""


def assemble(adverts: Sequence[Advert]) -> Assembled:
    """What the adverts have in common, whatever their order. Raises NothingInCommon."""
    read = sorted(_once(adverts), key=lambda advert: advert.role_id)
    voices = _voices(read)
    if len(set(voices)) < 2:
        raise NothingInCommon(_too_few(read))
    names = [name for advert in read for name in advert.names]
    said = [
        Said(number, voices[number], line)
        for number, advert in enumerate(read)
        for line in lines_of(nameless(advert.description, names))
        if not dropped(line.text)
    ]
    found = common_lines(said)
    if len(found) < FEWEST_LINES:
        raise NothingInCommon(
            f"{len(read)} adverts have descriptions, and have {_lines(len(found))} in common; a draft takes "
            f"{FEWEST_LINES}."
        )
    return _numbered(read, voices, found)


def _voices(read: Sequence[Advert]) -> list[int]:
    """For each advert its voice: that of the first advert that it shares an employer or its boroughs with, by any way
    round."""
    voices = list(range(len(read)))
    for number, advert in enumerate(read):
        joined = {voices[other] for other in range(number) if read[other].speakers & advert.speakers}
        if joined:
            voices = [min(joined) if voice in joined or voice == number else voice for voice in voices]
    return voices


def _once(adverts: Sequence[Advert]) -> list[Advert]:
    """Those with a description; an advert that was put out again counts once, as does one that is word for word another
    of its employer's."""
    superseded = {advert.readvertises for advert in adverts}
    seen: set[tuple[frozenset[str], str]] = set()
    kept = []
    for advert in sorted(adverts, key=lambda one: one.role_id):
        text = " ".join(advert.description.split())
        if text and advert.role_id not in superseded and (advert.speakers, text) not in seen:
            seen.add((advert.speakers, text))
            kept.append(advert)
    return kept


def _numbered(read: Sequence[Advert], voices: Sequence[int], found: Sequence[Common]) -> Assembled:
    """Only the adverts that say something of it, numbered in their order."""
    speaking = sorted({number for one in found for number in one.adverts})
    place = {number: at for at, number in enumerate(speaking)}
    lines = tuple(
        Common(
            one.text,
            one.section,
            one.place,
            tuple(Said(place[it.advert], it.voice, it.line) for it in one.said),
        )
        for one in found
    )
    adverts = tuple(read[number] for number in speaking)
    return Assembled(adverts, lines, len(read), len({voices[number] for number in speaking}))


def _too_few(read: Sequence[Advert]) -> str:
    if not read:
        return "None of the adverts has a description."
    if len(read) == 1:
        return "Only one advert has a description; a draft takes two, of different employers."
    return "All descriptions are of one employer; a draft takes two."


def _lines(count: int) -> str:
    return "no line" if count == 0 else "1 line" if count == 1 else f"{count} lines"
