"""Whether a job is digital, which standard role it is, and how senior: read from its title."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from loti_contracts.vocabulary import Level, standard_roles
from services.ingest.titles.evidence import Finding, contains, findings, spelled
from services.ingest.titles.seniority import level_of
from services.ingest.titles.vocabulary import Vocabulary, published
from services.ingest.titles.words import words

_DESCRIPTION_READ: Final = 4_000
_TELLS_NEEDED: Final = 3
_CHIEFS: Final = "Chief digital and data"


@dataclass(frozen=True, slots=True)
class Classification:
    """What a title was read as."""

    digital: Literal["yes", "no", "borderline"]
    role: str | None
    """Exactly a standard role's name; None where none fits, or where it would be a guess."""
    family: str | None
    soc2020: str | None
    level: Level | None
    """None where the job is not digital."""
    confidence: float
    """0 to 1: how far the reading of `digital` and `role` can be relied on; under 0.7 a person should look."""
    why: str
    """The evidence, in words."""


def classify(
    title: str,
    *,
    description: str | None = None,
    department: str | None = None,
    employer: str | None = None,
    vocabulary: Vocabulary | None = None,
) -> Classification:
    """Read a job from its title, and from the rest only where the title leaves it open.

    The employer's own name is not evidence (a Digital Catapult receptionist is a receptionist). A department
    speaks for a title such as "Project Manager", a description for one that two managers could differ on.
    Never raises; reads the first 600 characters of a title and 4,000 of a description.
    """
    vocabulary = vocabulary or published()
    reading = _read(title, _named(employer), vocabulary)
    if reading.digital == "yes" and reading.role:
        return reading
    if department and reading.digital != "yes" and contains(words(title), vocabulary.unsaid):
        reading = _by_department(title, department, reading, vocabulary)
    if description and reading.digital == "borderline":
        reading = _by_description(description, reading, vocabulary)
    return reading


def _read(title: str, employer: Sequence[str], vocabulary: Vocabulary) -> Classification:
    read = spelled(title, vocabulary)
    heard = _less(read.words, employer)
    found = findings(heard, vocabulary)
    best = next((finding for finding in found if finding.entry.kind != "look_alike"), None)
    reading = _not_digital(found, heard) if best is None else _decided(best, found, heard, vocabulary)
    if read.slips and reading.digital != "no":
        slips = ", ".join(f"'{wrong}' read as '{meant}'" for wrong, meant in read.slips)
        return replace(reading, confidence=min(reading.confidence, 0.55), why=f"{reading.why}; {slips}")
    return reading


def _decided(
    best: Finding, found: Sequence[Finding], heard: Sequence[str], vocabulary: Vocabulary
) -> Classification:
    entry = best.entry
    if entry.kind in ("other_work", "other_job"):
        return _no(f"'{entry.text}' is other work", 0.9)
    if entry.kind in ("borderline", "hint"):
        level, _ = level_of(heard, None, vocabulary)
        why = f"'{entry.text}': two careful managers could differ"
        return Classification("borderline", None, None, None, level, 0.5, why)
    role, why = entry.role, f"'{entry.text}' in the title"
    level, level_word = level_of(heard, role, vocabulary)
    if _family(role) == _CHIEFS and level != "chief":
        role, why = None, f"{why}, below a director"
    elif role is None:
        why += ", which no standard role is named for"
    if level_word:
        why += f"; level from '{level_word}'"
    confidence, doubt = _confidence(best, found)
    if role and entry.text in vocabulary.unsure:
        confidence, doubt = min(confidence, 0.6), f"{doubt}, which could mean another role too"
    return _yes(role, level, confidence, why + doubt)


def _confidence(best: Finding, found: Sequence[Finding]) -> tuple[float, str]:
    confidence = 0.8 + 0.05 * min(best.entry.length, 3)
    if len(best.entry.parts) > 1:
        confidence -= 0.1
    family = _family(best.entry.role)
    for other in found:
        if other.places <= best.places:
            continue
        if (
            other.entry.kind == "role"
            and other.entry.length >= best.entry.length
            and _family(other.entry.role) != family
        ):
            return 0.5, f"; also '{other.entry.text}'"
        if other.entry.kind in ("other_work", "other_job"):
            return min(confidence, 0.65), f"; though '{other.entry.text}' is other work"
    return confidence, ""


def _by_department(
    title: str, department: str, reading: Classification, vocabulary: Vocabulary
) -> Classification:
    together = _read(f"{title} ({department})", (), vocabulary)
    if together.digital != "yes":
        return reading
    why = f"{together.why} and department '{department[:80]}'"
    return replace(together, confidence=min(together.confidence, 0.65), why=why)


def _by_description(description: str, reading: Classification, vocabulary: Vocabulary) -> Classification:
    said = words_of_description(description)
    tells = [" ".join(tell) for tell in vocabulary.tells if contains(said, (tell,))]
    if len(tells) < _TELLS_NEEDED:
        return reading
    why = f"{reading.why}; the description names {', '.join(tells[:4])}"
    return replace(reading, digital="yes", confidence=0.6, why=why)


def words_of_description(description: str) -> tuple[str, ...]:
    """The words of the part of a description that is read."""
    pieces = (description[at : at + 500] for at in range(0, min(len(description), _DESCRIPTION_READ), 500))
    return tuple(word for piece in pieces for word in words(piece))


def _not_digital(found: Sequence[Finding], heard: Sequence[str]) -> Classification:
    if found:
        return _no(f"'{found[0].entry.text}' is another line of work", 0.9)
    return _no(
        "no word of a digital job in the title" if heard else "no words in the title", 0.85 if heard else 0.2
    )


def _no(why: str, confidence: float) -> Classification:
    return Classification("no", None, None, None, None, confidence, why)


def _yes(role: str | None, level: Level, confidence: float, why: str) -> Classification:
    standard = standard_roles()[role] if role else None
    return Classification(
        digital="yes",
        role=role,
        family=standard.family if standard else None,
        soc2020=standard.soc2020 if standard else None,
        level=level,
        confidence=round(confidence, 2),
        why=why,
    )


def _family(role: str | None) -> str | None:
    return standard_roles()[role].family if role else None


def _named(employer: str | None) -> tuple[str, ...]:
    return words(employer) if employer else ()


def _less(title: tuple[str, ...], name: Sequence[str]) -> tuple[str, ...]:
    """The title without the employer's name, where the whole name of two words or more stands in it."""
    length = len(name)
    if length < 2:
        return title
    for at in range(len(title) - length + 1):
        if title[at : at + length] == tuple(name):
            return (*title[:at], "-", *title[at + length :])
    return title
