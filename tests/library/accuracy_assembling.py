"""How well drafts are assembled, on labelled adverts: run `python -m tests.library.accuracy_assembling`.

`tests/data/ASSEMBLING.md` tells how the sets were made. Each advert is given as a board would print it, with line ends or
folded into one line; a common line that comes out is traced back to the labelled lines that it was made of. With
`--adverts` it also tells what comes of the sample adverts.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz, process

from deploy.local.boards.adverts import load
from services.ingest.titles import classify
from services.library.adverts import Advert
from services.library.assembling.assemble import Assembled, NothingInCommon, assemble
from tests.library.labelled_adverts import Labelled, Written, groups

DATA = Path(__file__).parents[1] / "data"
SETS = {
    "development": DATA / "assembling_dev.txt",
    "held out": DATA / "assembling_held_out.txt",
    "traps": DATA / "assembling_traps.txt",
}


@dataclass
class Count:
    """Over one or several groups of adverts."""

    right_pairs: int = 0
    wrong_pairs: int = 0
    missed_pairs: int = 0
    right_sections: int = 0
    lines: int = 0
    things: int = 0
    things_found: int = 0
    leaks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of the pairs of lines held to be the same, how many are."""
        return self.right_pairs / max(1, self.right_pairs + self.wrong_pairs)

    @property
    def recall(self) -> float:
        """Of the pairs of lines that are the same, how many were found."""
        return self.right_pairs / max(1, self.right_pairs + self.missed_pairs)


def count(adverts: Sequence[Written], into: Count) -> Assembled | None:
    """Assemble one group's draft and count what is right in it."""
    try:
        made = assemble([one.advert for one in adverts])
    except NothingInCommon:
        made = None
    by_id = {one.advert.role_id: one for one in adverts}
    found: set[frozenset[tuple[str, str]]] = set()
    things: set[str] = set()
    for common in made.lines if made else ():
        sources = []
        for said in common.said:
            assert made is not None
            written = by_id[made.adverts[said.advert].role_id]
            sources.append((written.advert.role_id, _labelled(said.line.text, written.lines)))
        into.lines += 1
        sections = Counter(label.section for _, label in sources)
        into.right_sections += common.section == sections.most_common(1)[0][0]
        for (one_id, one), (other_id, other) in combinations(sources, 2):
            found.add(frozenset({(one_id, one.text), (other_id, other.text)}))
            if one.same == other.same != "-" and one.section == other.section:
                into.right_pairs += 1
                things.add(f"{one.section} {one.same}")
            else:
                into.wrong_pairs += 1
                into.wrong.append(f"{one.text}  ≠  {other.text}")
        employers = [name for one in adverts for name in one.advert.names]
        if "drop" in sections or any(name in common.text for name in employers) or "£" in common.text:
            into.leaks.append(common.text)
    expected = _same_pairs(adverts)
    for pair in expected:
        if pair not in found:
            into.missed_pairs += 1
            into.missed.append("  =  ".join(sorted(text for _, text in pair)))
    labels = {f"{one.section} {one.same}" for written in adverts for one in written.lines}
    repeated = {
        name
        for name in labels
        if not name.endswith(" -")
        and sum(any(f"{it.section} {it.same}" == name for it in one.lines) for one in adverts) > 1
    }
    into.things += len(repeated)
    into.things_found += len(repeated & things)
    return made


def _labelled(text: str, lines: Sequence[Labelled]) -> Labelled:
    best = process.extractOne(text, [line.text for line in lines], scorer=fuzz.ratio)
    return lines[best[2]]


def _same_pairs(adverts: Sequence[Written]) -> set[frozenset[tuple[str, str]]]:
    said = [(one.advert.role_id, line) for one in adverts for line in one.lines if line.same != "-"]
    return {
        frozenset({(one_id, one.text), (other_id, other.text)})
        for (one_id, one), (other_id, other) in combinations(said, 2)
        if one_id != other_id and (one.section, one.same) == (other.section, other.same)
    }


def counted(file: Path) -> Count:
    """A labelled set, counted."""
    total = Count()
    for adverts in groups(file).values():
        count(adverts, total)
    return total


def sample_adverts() -> list[tuple[str, int, str]]:
    """For each standard role and level of the sample adverts: how many there are, and what comes of them."""
    by_role: dict[str, list[Advert]] = {}
    for one in load()[1]:
        read = classify(one.title)
        if read.role is not None:
            advert = Advert(
                role_id=f"{one.board}:{one.id}",
                title=one.title,
                employer=one.employer,
                authorities=(one.authority,),
                names=(one.employer,),
                description=one.description,
            )
            by_role.setdefault(f"{read.role}, {read.level or 'no level'}", []).append(advert)
    found = []
    for name, adverts in sorted(by_role.items()):
        try:
            made = assemble(adverts)
            found.append((name, len(adverts), f"a draft of {len(made.lines)} lines"))
        except NothingInCommon as nothing:
            found.append((name, len(adverts), str(nothing)))
    return found


def main(*, details: bool, adverts: bool) -> None:
    """Print it."""
    for name, file in SETS.items():
        it = counted(file)
        print(  # noqa: T201
            f"{name}: pairs of lines held to be the same {it.precision:.3f} right, {it.recall:.3f} of those that are found; "
            f"{it.things_found} of {it.things} common things are in the drafts; {it.right_sections} of {it.lines} lines "
            f"under the right heading; {len(it.leaks)} lines that name an employer, pay, dates or how to apply"
        )
        if details:
            for title, texts in (("WRONG", it.wrong), ("MISSED", it.missed), ("LEAK", it.leaks)):
                print("\n".join(f"  {title} {text}" for text in texts))  # noqa: T201
    if adverts:
        for name, number, came in sample_adverts():
            print(f"{name}: {number} adverts. {came}")  # noqa: T201


if __name__ == "__main__":
    main(details="--details" in sys.argv, adverts="--adverts" in sys.argv)
