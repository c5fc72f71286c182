"""Adverts whose lines are labelled: `tests/data/ASSEMBLING.md` tells how they are written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from loti_contracts.vocabulary import authorities
from services.library.adverts import Advert


@dataclass(frozen=True)
class Labelled:
    """A line as it was written: its section, and what it says where others say it too (`-`: nobody else)."""

    text: str
    section: str
    same: str


@dataclass
class Written:
    """An advert as it was written."""

    advert: Advert
    lines: list[Labelled] = field(default_factory=list)


def groups(file: Path) -> dict[str, list[Written]]:
    """The adverts of each role in a labelled set."""
    found: dict[str, list[Written]] = {}
    headings: list[tuple[str, str]] = []
    folded, group = False, ""
    for line in [*file.read_text(encoding="utf-8").splitlines(), "@ end"]:
        if line.startswith(("@", "==")) and headings:
            found[group][-1] = _printed(found[group][-1], headings, folded=folded)
            headings = []
        if line.startswith("=="):
            group = line.removeprefix("==").strip()
            found[group] = []
        elif line.startswith("@") and "|" in line:
            id_, employer, how = (part.strip() for part in line.removeprefix("@").split("|"))
            folded = how == "folded"
            names = (employer, *(one.name for one in authorities().values() if one.name in employer))
            found[group].append(Written(Advert(role_id=id_, title=group, employer=employer, names=names)))
        elif ":" in line and not line.startswith("#"):
            label, _, text = line.partition(": ")
            headings.append((label, text))
            if label != "heading":
                section, _, same = label.partition(" ")
                found[group][-1].lines.append(Labelled(text, section, same or "-"))
    return found


def _printed(written: Written, rows: Iterable[tuple[str, str]], *, folded: bool) -> Written:
    text = (" " if folded else "\n").join(text for _, text in rows)
    return Written(written.advert.model_copy(update={"description": text}), written.lines)
