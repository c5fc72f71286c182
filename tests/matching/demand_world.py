"""Demand hearing roles and requests as the service would let it, and what they give together counted from nothing."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    EVENTS,
    AuthorityNamed,
    Event,
    Request,
    RequestStated,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
    StandardRoleNamed,
    State,
    envelop,
)
from loti_contracts.vocabulary import authorities, standard_roles
from services.matching.demand import hard, novel, shared
from services.matching.demand.handlers import Demand
from services.matching.demand.near import nearest_titles
from services.matching.demand.novelty import asked, features, judge, same_feature
from services.matching.demand.rules import Rules
from services.matching.demand.titles import named
from services.matching.market_handlers import MarketHandlers
from services.matching.store import one_at_a_time

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
CAMDEN, HACKNEY, BARNET, SUTTON, BRENT = "E09000007", "E09000012", "E09000003", "E09000029", "E09000005"

_TABLES = (
    "outbox, demand_roles, demand_requests, shared_demand, hard_roles, novel_roles, title_features, feature_links, "
    "roles, requests CASCADE"
)


def a_role(*boroughs: str, standard_role: str | None = "Data engineer", **differences: Any) -> Role:
    """Camden looks for a data engineer from 1 September on."""
    usual: dict[str, Any] = {
        "id": "role-1",
        "revision": 1,
        "status": "open",
        "source": "board",
        "title": standard_role or "Data journalist",
        "authorities": tuple(_authority(gss) for gss in boroughs or (CAMDEN,)),
        "links": ("https://camden.example/1",),
        "standard_role": StandardRoleNamed(name=standard_role, family=standard_roles()[standard_role].family)
        if standard_role
        else None,
        "relevance": "yes",
        "confidence": 0.9,
        "why": "the title says so",
        "found_at": START,
    }
    return Role.model_validate(usual | differences)


def closed(role: Role, at: datetime, because: str = "gone") -> Role:
    """The same role, closed at that moment, one revision later."""
    changes = {"status": "closed", "closed_at": at, "closed_because": because, "revision": role.revision + 1}
    return role.model_copy(update=changes)


def a_request(**differences: Any) -> Request:
    """Sutton asks on 1 September for a recruiter for a data engineer."""
    usual: dict[str, Any] = {
        "id": "request-1",
        "revision": 1,
        "kind": "recruiter",
        "borough": SUTTON,
        "contact_id": "contact-sutton",
        "standard_role": "Data engineer",
        "stated_at": START,
    }
    return Request.model_validate(usual | differences)


def _authority(gss: str) -> AuthorityNamed:
    known = authorities()[gss]
    return AuthorityNamed(gss=gss, name=known.name, area=known.area)


@dataclass
class World:
    """A database with demand on it, and a clock that is told what time it is."""

    db: Any
    rules: Rules = field(default_factory=Rules)
    now: datetime = START
    newest: dict[str, Role | Request] = field(default_factory=dict)

    @property
    def demand(self) -> Demand:
        """The handlers."""
        return Demand(self.rules, clock=lambda: self.now)

    async def empty(self) -> None:
        """Forget everything."""
        await self.db.execute("SET synchronous_commit = off")
        await self.db.execute(f"TRUNCATE {_TABLES}")
        await self.db.execute("UPDATE demand_clock SET decided_at = '-infinity'")
        self.newest.clear()

    async def hear(self, *states: Role | Request) -> list[Event]:
        """Handle the events that say these, in one transaction as a batch is; what is said then."""
        position = await self.db.fetchval("SELECT coalesce(max(position), 0) FROM outbox")
        async with self.db.transaction():
            for state in states:
                await self._hear(state, self.db)
        for state in states:
            known = self.newest.get(state.id)
            if known is None or known.revision < state.revision:
                self.newest[state.id] = state
        return await self.said(after=position)

    async def _hear(self, state: Role | Request, tx: Connection) -> None:
        if isinstance(state, Request):
            await one_at_a_time(tx)
            news = await tx.fetchval(
                "INSERT INTO requests (id, revision, kind, status, state) VALUES ($1, $2, $3, $4, $5) "
                "ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, state = excluded.state "
                "WHERE requests.revision < excluded.revision RETURNING revision",
                *(state.id, state.revision, state.kind, state.status, state.model_dump_json()),
            )
            if news:
                said = envelop(RequestStated(request=state), source="/loti/portal", time=self.now)
                await self.demand.on_request(said, tx)
            return
        kind = (
            RoleClosed if state.status == "closed" else RoleChanged if state.revision > 1 else RoleDiscovered
        )
        kind = RoleReadvertised if kind is RoleDiscovered and state.readvertises else kind
        event = envelop(kind(role=state), source="/loti/ingest", time=self.now)
        await MarketHandlers(then=(self.demand.on_role,)).on_role(event, tx)

    async def wait(self, days: float = 0) -> list[Event]:
        """Let time pass, and the clock look at what is due then; what is said."""
        self.now += timedelta(days=days)
        position = await self.db.fetchval("SELECT coalesce(max(position), 0) FROM outbox")
        looked = 1
        while looked:
            async with self.db.transaction():
                await one_at_a_time(self.db)
                looked = await self.demand.look_at_due(self.db, most=3)
        return await self.said(after=position)

    async def said(self, *, after: int = 0) -> list[Event]:
        """Everything said since."""
        rows = await self.db.fetch("SELECT * FROM outbox WHERE position > $1 ORDER BY position", after)
        return [
            EVENTS[json.loads(row["headers"])["ce_type"]].model_validate_json(row["value"]) for row in rows
        ]

    async def standing(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What holds now by the newest of everything said: what a compacted topic holds, less what is over."""
        newest = {(event.topic, event.subject): event.state for event in await self.said()}
        return {
            place: facts(state)
            for place, state in newest.items()
            if getattr(state, "status", None) in ("current", "hard", "novel")
        }

    def counted(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The same, counted from nothing: from the newest of every role and request, and the time."""
        roles = [one for one in self.newest.values() if isinstance(one, Role)]
        asks = [one for one in self.newest.values() if isinstance(one, Request)]
        return counted(roles, asks, now=self.now, rules=self.rules)


def counted(
    roles: Sequence[Role], asks: Sequence[Request], *, now: datetime, rules: Rules
) -> dict[tuple[str, str], dict[str, Any]]:
    """What these roles and requests give together, without a table, an index or a memory."""
    found: list[Event] = []
    for name in {r.standard_role.name for r in roles if r.standard_role} | {
        str(a.standard_role) for a in asks
    }:
        of = [role for role in roles if role.standard_role and role.standard_role.name == name]
        said = shared.look(name, of, [a for a in asks if a.standard_role == name], None, now=now, rules=rules)
        found += [said.event] if said.event else []
    in_order = sorted(roles, key=lambda role: (role.found_at, role.id))
    for at, role in enumerate(in_order):
        usual = _usual(role, roles, rules)
        looked = hard.look(role, usual, None, now=now)
        found += [looked.event] if looked.event else []
        earlier = in_order[:at]
        heard = {
            feature
            for feature in asked(role.title)
            if any(same_feature(feature, one) for other in earlier for one in features(other.title))
        }
        settled_in = role.found_at >= in_order[0].found_at + rules.settling
        judged = judge(role, heard, settled_in=settled_in)
        alike = [
            (other.title, other.id)
            for other in reversed(earlier)
            if {*named(other.title).words} & {*named(role.title).words}
        ]
        new = novel.look(role, judged, nearest_titles(role.title, alike), None)
        found += [new.event] if new.event else []
    return {(event.topic, event.subject): facts(event.state) for event in found}


def _usual(role: Role, roles: Iterable[Role], rules: Rules) -> Any:
    before = [other for other in roles if other.closed_at is not None and other.closed_at < role.found_at]
    latest = sorted(before, key=lambda other: (other.closed_at, other.id), reverse=True)
    name = role.standard_role.name if role.standard_role else None
    of_kind = [other for other in latest if name and other.standard_role and other.standard_role.name == name]
    days = [
        [hard.stood_days(other) or 0 for other in some[: rules.usual_latest]] for some in (of_kind, latest)
    ]
    return hard.usual(days[0], days[1], standard_role=name, rules=rules)


def facts(state: State) -> dict[str, Any]:
    """A state without what tells of the way there."""
    return state.model_dump(exclude={"revision", "since"})


def in_step(events: Iterable[Event]) -> bool:
    """Whether each thing's revisions count up by one, and no event says what the one before it said."""
    by_thing: dict[tuple[str, str], list[State]] = {}
    for event in events:
        by_thing.setdefault((event.topic, event.subject), []).append(event.state)
    return all(
        [state.revision for state in states] == list(range(1, len(states) + 1))
        and all(
            one.model_dump(exclude={"revision"}) != two.model_dump(exclude={"revision"})
            for one, two in pairwise(states)
        )
        for states in by_thing.values()
    )
