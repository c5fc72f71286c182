"""What a check found: each thing that is not as it must be, where, and what was expected. Values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Sort = Literal["lost", "doubled", "out of order", "stuck", "wrong"]
"""`wrong`: it is there, once, and says something else than it must."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One of them. `thing` names what it is about, `where` the table, topic or mailbox."""

    sort: Sort
    where: str
    thing: str
    expected: str

    def __str__(self) -> str:
        return f"{self.sort}: {self.thing} in {self.where}: {self.expected}"


@dataclass(slots=True)
class Findings:
    """All of them, and what was counted on the way: `counts` are facts, no faults; `explained` says of each mail that was
    in doubt, and of each push that came again, why that may be."""

    found: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    explained: list[str] = field(default_factory=list)

    def add(self, found: Iterable[Finding]) -> None:
        """Take these in."""
        self.found.extend(found)

    def of(self, sort: Sort) -> Sequence[Finding]:
        """Those of one sort."""
        return [one for one in self.found if one.sort == sort]

    @property
    def clean(self) -> bool:
        """Whether everything is as it must be."""
        return not self.found

    def as_json(self) -> Mapping[str, Any]:
        """For machines."""
        sorts: tuple[Sort, ...] = ("lost", "doubled", "out of order", "stuck", "wrong")
        return {
            **{sort.replace(" ", "_"): len(self.of(sort)) for sort in sorts},
            "findings": [str(one) for one in sorted(self.found)],
            "counts": dict(sorted(self.counts.items())),
            "explained": self.explained,
        }
