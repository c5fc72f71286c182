"""What a run of faults came to."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.chaos.checking import Findings
from tests.chaos.supervising import Ended


@dataclass(slots=True)
class Report:
    """`faults` counts what was made; `passed_over` says of each fault that was not made why; `not_here` what this machine
    cannot make at all; `ended` what ended though no fault ended it; `stuck` what did not come to its end; `findings`
    what the checker found, None where it did not come to that, because the run itself `failed`, or was broken off."""

    seed: int
    folder: Path
    faults: Mapping[str, int] = field(default_factory=dict)
    passed_over: list[str] = field(default_factory=list)
    not_here: list[str] = field(default_factory=list)
    ended: Sequence[Ended] = ()
    put_in: Mapping[str, int] = field(default_factory=dict)
    stuck: str | None = None
    settled_after: float = 0.0
    seconds: float = 0.0
    findings: Findings | None = None
    failed: str | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled, out of order or stuck; a run that was not checked is not clean."""
        return self.findings is not None and self.findings.clean and self.stuck is None

    def as_json(self) -> str:
        """The same as one JSON object."""
        found = self.findings.as_json() if self.findings is not None else None
        plain = {
            name: getattr(self, name)
            for name in ("seed", "faults", "passed_over", "not_here", "put_in", "stuck", "failed")
        }
        times = {"settled_after": round(self.settled_after, 1), "seconds": self.seconds}
        ended = [asdict(one) for one in self.ended]
        everything = plain | times | {"ended": ended, "findings": found, "clean": self.clean}
        return json.dumps(everything, default=str, ensure_ascii=False)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Sequence[str]:
        made = sum(self.faults.values())
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.faults.items()))
        ended = Counter(f"{one.name}: {one.how}" for one in self.ended)
        return [
            f"{made} faults: {kinds or 'none'}",
            *(f"not made here: {one}" for one in self.not_here),
            *(f"passed over: {one}" for one in self.passed_over),
            f"put in: {', '.join(f'{count} {what}' for what, count in self.put_in.items())}",
            f"settled {self.settled_after:.0f} s after the last fault; {self.seconds:.0f} s in all",
            *(
                f"ended by itself, and was started again: {what}, {count} times"
                for what, count in ended.items()
            ),
            *([f"STUCK: {self.stuck}"] if self.stuck else []),
            *self._found(),
            f"{'Clean' if self.clean else f'NOT CLEAN; all is kept in {self.folder}'}. Seed {self.seed}.",
        ]

    def _found(self) -> Iterator[str]:
        if self.findings is None:
            yield f"NOT CHECKED: {self.failed or 'it was broken off'}"
            return
        found = self.findings.as_json()
        yield ", ".join(f"{count} {what}" for what, count in self.findings.counts.items())
        yield from (f"explained: {one}" for one in self.findings.explained)
        yield from map(str, sorted(self.findings.found))
        sorts = ("lost", "doubled", "out_of_order", "stuck", "wrong")
        yield ", ".join(f"{found[sort]} {sort.replace('_', ' ')}" for sort in sorts)
