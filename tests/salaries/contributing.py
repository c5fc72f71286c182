"""Boroughs that contribute, re-upload and withdraw, and everything that is published of it, without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from loti_contracts.vocabulary import authorities
from services.salaries.cells import Cell
from services.salaries.contributed.contributions import Contribution, Figure, Part
from services.salaries.contributed.disclose import Decision, disclose
from services.salaries.contributed.rules import RULES, Rules

ROLE = "Data engineer"
INNER = [authority.gss for authority in authorities().values() if authority.area == "inner"]
OUTER = [authority.gss for authority in authorities().values() if authority.area == "outer"]
LONDON = Cell(ROLE, "all", "london")


def pounds(*amounts: float) -> tuple[int, ...]:
    """Pence, sorted, as contributions have them."""
    return tuple(sorted(round(amount * 100) for amount in amounts))


@dataclass
class World:
    """What stands, and the ledger. Every change is published at once, as an import does."""

    rules: Rules = RULES
    pay: dict[tuple[str, str], tuple[int, tuple[int, ...]]] = field(default_factory=dict)
    ledger: list[Figure] = field(default_factory=list)
    truth: dict[Part, tuple[int, ...]] = field(default_factory=dict)
    """What every contribution that was ever published really paid."""
    decisions: Mapping[Cell, Decision] = field(default_factory=dict)
    versions: int = 0
    now: datetime = datetime(2026, 4, 1, tzinfo=UTC)

    def upload(self, authority: str, pay: Mapping[str, Sequence[int]], *, publish: bool = True) -> None:
        """A borough's upload, by level; it replaces what the borough had."""
        for level in {level for level, gss in self.pay if gss == authority} - pay.keys():
            del self.pay[level, authority]
        for level, amounts in pay.items():
            version, before = self.pay.get((level, authority), (0, ()))
            if tuple(amounts) != before:
                self.versions += 1
                version = self.versions
            self.pay[level, authority] = (version, tuple(amounts))
        if publish:
            self.publish()

    def withdraw(self, authority: str) -> None:
        """A borough takes back all that it contributed."""
        self.upload(authority, {})

    def publish(self) -> None:
        """Decide anew."""
        self.now += timedelta(days=1)
        decisions = disclose(self.contributions(), self.ledger, rules=self.rules, now=self.now)
        self.decisions = {decision.cell: decision for decision in decisions}
        self.ledger += [decision.new for decision in decisions if decision.new]
        self.truth |= {one.part: one.pay for one in self.contributions()}

    def contributions(self) -> list[Contribution]:
        """All that stand."""
        return [
            Contribution(ROLE, level, authority, version, amounts)
            for (level, authority), (version, amounts) in self.pay.items()
        ]
