"""A flow of role events as a busy year of boards would make it: roles found, changed and closed. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random

from loti_contracts.events import (
    Envelope,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
)
from loti_contracts.events.envelope import envelop
from loti_contracts.vocabulary import authorities, standard_roles
from tests.portal.jobs.making import role

RoleEvent = RoleDiscovered | RoleChanged | RoleClosed

LEVELS = ("associate", "practitioner", "senior", "lead")
DESCRIPTION = "You will help the council to plan, buy, build and run what its residents use every day. " * 10


class Flow:
    """The same seed gives the same events. Of ten, four find a role, five change one, one closes one."""

    def __init__(self, seed: int, *, prefix: str = "role") -> None:
        self._random = Random(seed)
        self._prefix = prefix
        self._roles: list[Role] = []
        self._names = sorted(standard_roles())[:12]
        self._boroughs = sorted(authorities())

    def events(self, count: int) -> Iterator[Envelope[RoleEvent]]:
        """The next ones."""
        for _ in range(count):
            event = self._next()
            yield envelop(event, source="/loti/ingest", time=datetime.now(UTC))

    def _next(self) -> RoleEvent:
        chance = self._random.random()
        if chance < 0.4 or not self._roles:
            return self._found()
        place = self._random.randrange(len(self._roles))
        known = self._roles[place]
        if known.status == "closed":
            return self._found()
        if chance < 0.9:
            pay = role("any", pay=self._pay()).pay
            self._roles[place] = known.model_copy(update={"revision": known.revision + 1, "pay": pay})
            return RoleChanged(role=self._roles[place], changed=("pay",))
        closed = {"revision": known.revision + 1, "status": "closed", "closed_at": datetime.now(UTC)}
        self._roles[place] = known.model_copy(update=closed)
        return RoleClosed(role=self._roles[place], changed=("status",))

    def _found(self) -> RoleEvent:
        name = self._random.choice(self._names)
        found = role(
            f"{self._prefix}-{len(self._roles)}",
            title=f"{name} {self._random.choice(('', 'for housing', 'in adult care', 'for planning'))}".strip(),
            standard_role=name,
            level=self._random.choice(LEVELS),
            boroughs=(self._random.choice(self._boroughs),),
            pay=self._pay(),
            description=DESCRIPTION,
            closes_on=date(2027, 12, 1),
            found_at=datetime.now(UTC),
        )
        self._roles.append(found)
        return RoleDiscovered(role=found)

    def _pay(self) -> tuple[int, int]:
        least = self._random.randrange(30_000, 80_000, 100)
        return least, least + self._random.randrange(1_000, 9_000, 100)
