"""How well novel titles are told from known ones, on the labelled set: `python -m tests.matching.accuracy_novel`.

With `--errors` it lists what was judged wrongly in the part that was tuned to and the real titles that were called novel;
with `--all-errors`, in both parts.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loti_contracts.events import Role, StandardRoleNamed
from loti_contracts.vocabulary import standard_roles
from services.ingest.titles import classify
from services.matching.demand.novelty import (
    Feature,
    Judgement,
    asked,
    feature_links,
    features,
    judge,
    same_feature,
)

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One title, whether a manager calls it novel, and what was judged."""

    row: Mapping[str, Any]
    judgement: Judgement

    @property
    def right(self) -> bool:
        """Whether they agree."""
        return self.judgement.novel is self.row["novel"]


def judged() -> Iterator[Labelled]:
    """Every row of the labelled set whose label is sure, with its judgement."""
    history = [
        line
        for line in (DATA / "novel_history.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    heard = {"none": Heard(()), "a year": Heard(history)}
    for line in (DATA / "novel_titles.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row["unsure"]:
            known = heard[row["history"]].of(asked(row["title"]))
            yield Labelled(row, judge(role_of(row), known, settled_in=row["history"] != "none"))


class Heard:
    """The features of titles heard before."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._by_link: dict[str, set[Feature]] = {}
        for title in titles:
            self.add(title)

    def add(self, title: str) -> None:
        """Hear one more."""
        for feature in features(title):
            for link in feature_links(feature):
                self._by_link.setdefault(link, set()).add(feature)

    def of(self, wanted: Iterable[Feature]) -> set[Feature]:
        """Which of these were heard."""
        return {
            feature
            for feature in wanted
            if any(
                same_feature(feature, one)
                for link in feature_links(feature)
                for one in self._by_link.get(link, ())
            )
        }


def role_of(row: Mapping[str, Any]) -> Role:
    """The role that ingest would say of such an advert."""
    standard = standard_roles()[row["standard_role"]] if row["standard_role"] else None
    return Role(
        id="role-1",
        revision=1,
        status="open",
        source="board",
        title=row["title"],
        authorities=(),
        links=(),
        standard_role=StandardRoleNamed(name=standard.name, family=standard.family) if standard else None,
        relevance=row["relevance"],
        confidence=row["confidence"],
        why="",
        found_at=datetime(2026, 11, 2, tzinfo=UTC),
    )


def real_alarms() -> tuple[list[str], int]:
    """The titles of the labelled adverts that are called novel when nothing but them is heard, and of how many: those
    that ingest reads as digital or borderline, in an order of their own, each heard by the later ones."""
    titles = {
        json.loads(line)["title"]
        for name in ("titles_dev", "titles_extra", "titles_blind")
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    }
    heard, alarms, count = Heard(()), [], 0
    for title in sorted(titles, key=lambda text: hashlib.sha256(text.encode()).hexdigest()):
        read = classify(title)
        if read.digital != "no":
            row = {
                "title": title,
                "standard_role": read.role,
                "relevance": read.digital,
                "confidence": read.confidence,
            }
            found = judge(role_of(row), heard.of(asked(title)), settled_in=False)
            alarms += [title] if found.novel else []
            heard.add(title)
            count += 1
    return alarms, count


def report() -> tuple[list[Labelled], dict[str, tuple[int, int, float, float]]]:
    """Everything judged; and for each part how many titles, how many novel, precision and recall."""
    found = list(judged())
    figures = {}
    for split in ("tune", "held_out"):
        part = [one for one in found if one.row["split"] == split]
        count = Counter((one.row["novel"], one.judgement.novel) for one in part)
        hits, said = count[True, True], count[True, True] + count[False, True]
        meant = hits + count[True, False]
        figures[split] = (len(part), meant, hits / said, hits / meant)
    return found, figures


def main() -> None:
    """Print precision and recall of each part."""
    found, figures = report()
    alarms, titles = real_alarms()
    lines = [f"{'part':10} {'titles':>6} {'novel':>6} {'precision':>10} {'recall':>8}"]
    lines += [f"{name:10} {n:6} {novel:6} {p:10.3f} {r:8.3f}" for name, (n, novel, p, r) in figures.items()]
    lines.append(
        f"of {titles} real digital titles, each heard after the others in the first days, "
        f"{len(alarms)} were called novel"
    )
    shown = {"--errors": ("tune",), "--all-errors": ("tune", "held_out")}.get((sys.argv[1:] or [""])[0], ())
    lines += [f"called novel: {title!r}" for title in alarms if shown]
    for one in found:
        if not one.right and one.row["split"] in shown:
            label = "novel" if one.row["novel"] else "known"
            heard = one.row["history"]
            lines.append(f"{one.row['split']} {label}: {one.row['title']!r} ({heard}): {one.judgement.why}")
    print("\n".join(lines))  # noqa: T201


if __name__ == "__main__":
    main()
