"""What demand does when a role or a request was heard and saved, and when time has passed.

The caller owns the transaction and holds matching's lock, so that everything here happens one after another. Whatever
the order in which roles are heard, what is said at last is what they give together: whoever is concerned by a role
that comes late is looked at again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    Envelope,
    Request,
    RequestStated,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
)
from loti_contracts.vocabulary import standard_roles
from services.matching.demand import hard, heard_titles, novel, shared, store
from services.matching.demand.near import nearest_titles
from services.matching.demand.novelty import asked, judge
from services.matching.demand.rules import Rules
from services.matching.demand.titles import named
from services.matching.demand.windows import wants_staff
from services.matching.names import key

_log = structlog.get_logger("demand")

AboutRole = RoleDiscovered | RoleChanged | RoleClosed | RoleReadvertised


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Demand:
    """The handlers, with what they are told once: the rules and the clock."""

    rules: Rules = field(default_factory=Rules)
    clock: Callable[[], datetime] = _utc_now

    async def on_role(self, envelope: Envelope[AboutRole], tx: Connection) -> None:
        """Take in a role that is new or changed: shared demand, hard to recruit, novel."""
        role = envelope.event.role
        now = await store.time_passes(tx, self.clock())
        first = await store.first_found(tx)
        before = await store.load_taken(tx, role.id)
        after = await store.take_in(tx, role)
        both = [taken for taken in (before, after) if taken is not None]
        for standard_role in sorted({taken.standard_role for taken in both if taken.standard_role}):
            await self._look_at_demand(tx, standard_role, now=now, cause=envelope)
        await self._look_at_role(tx, role, now=now, cause=envelope)
        closings = {taken.closed_at for taken in both if taken.closed_at is not None}
        if closings and before != after:
            await store.doubt_found_after(tx, min(closings), now=now)
        await heard_titles.hear(tx, role, before)
        concerned = await heard_titles.judged_by(tx, role.id, both) if _named_anew(before, after) else ()
        await self._judge(tx, [role], cause=envelope)
        await self._judge_later(tx, {*concerned}, first, except_=role.id, cause=envelope)

    async def on_request(self, envelope: Envelope[RequestStated], tx: Connection) -> None:
        """Take in a request that is new, changed or withdrawn: shared demand."""
        await self._take_in(tx, envelope.event.request, cause=envelope)

    async def begin(self, tx: Connection) -> None:
        """Take in the requests that were stated before demand was watched, and make all that is open or shared due:
        the rules may be others than when it was looked at last."""
        for request in await store.requests_not_taken(tx):
            await self._take_in(tx, request, cause=None)
        await store.doubt_all(tx, now=await store.time_passes(tx, self.clock()))

    async def _take_in(self, tx: Connection, request: Request, *, cause: Envelope[Any] | None) -> None:
        now = await store.time_passes(tx, self.clock())
        named_ = asked_for(request)
        before = await store.take_in_request(tx, request, named_)
        for standard_role in sorted({one for one in (before, named_) if one is not None}):
            await self._look_at_demand(tx, standard_role, now=now, cause=cause)

    async def look_at_due(self, tx: Connection, *, most: int) -> int:
        """Look at what time alone may have changed, `most` of each sort; at how many."""
        now = await store.time_passes(tx, self.clock())
        demands = await store.due_shared(tx, now=now, most=most)
        for standard_role in demands:
            await self._look_at_demand(tx, standard_role, now=now, cause=None)
        roles = await store.due_roles(tx, now=now, most=most)
        for role in roles:
            await self._look_at_role(tx, role, now=now, cause=None)
        return len(demands) + len(roles)

    async def _look_at_demand(
        self, tx: Connection, standard_role: str, *, now: datetime, cause: Envelope[Any] | None
    ) -> None:
        after = now - self.rules.window
        found = shared.look(
            standard_role,
            await store.roles_looked_for(tx, standard_role, after=after),
            await store.requests_for(tx, standard_role, after=after),
            await store.load_shared(tx, standard_role),
            now=now,
            rules=self.rules,
        )
        await store.save_shared(tx, standard_role, found.state, found.look_again)
        if found.event is not None:
            await outbox.add(tx, found.event, caused_by=cause)
            _log.info(
                "demand_said",
                standard_role=standard_role,
                status=found.event.demand.status,
                boroughs=found.event.demand.borough_count,
            )

    async def _look_at_role(
        self, tx: Connection, role: Role, *, now: datetime, cause: Envelope[Any] | None
    ) -> None:
        """Whether it is hard to recruit now."""
        before = await store.load_hard(tx, role.id)
        standard_role = role.standard_role.name if role.standard_role else None
        usual = None
        if role.status == "open":
            latest = self.rules.usual_latest
            of_kind, of_all = await store.stood(tx, standard_role, before=role.found_at, latest=latest)
            usual = hard.usual(of_kind, of_all, standard_role=standard_role, rules=self.rules)
        found = hard.look(role, usual, before, now=now)
        await store.look_at_role_again(tx, role.id, found.look_again)
        if found.event is not None:
            await store.save_hard(tx, found.event.hard)
            await outbox.add(tx, found.event, caused_by=cause)
            _log.info("hard_role_said", role_id=role.id, status=found.event.hard.status)

    async def _judge_later(
        self,
        tx: Connection,
        concerned: set[str],
        first: datetime | None,
        *,
        except_: str,
        cause: Envelope[Any],
    ) -> None:
        """Judge again whoever hangs on a title that changed; and all found while titles were settling in, if it turns
        out that they began to be heard at another time."""
        since = await store.first_found(tx)
        if first is not None and since is not None and since != first:
            concerned |= {*await store.found_until(tx, max(first, since) + self.rules.settling)}
        others = [await store.load_role(tx, role_id) for role_id in sorted(concerned - {except_})]
        await self._judge(tx, [other for other in others if other is not None], cause=cause)

    async def _judge(self, tx: Connection, roles: Sequence[Role], *, cause: Envelope[Any]) -> None:
        """Whether these roles' titles are novel."""
        since = await store.first_found(tx)
        for role in roles:
            before = await store.load_novel(tx, role.id)
            settled_in = since is not None and role.found_at >= since + self.rules.settling
            found = judge(role, (), settled_in=settled_in)
            if found.novel:  # nothing heard makes a title novel; it only makes it known
                heard = await heard_titles.heard_before(tx, role, asked(role.title))
                found = judge(role, heard, settled_in=settled_in)
            near = (
                nearest_titles(role.title, await heard_titles.titles_before(tx, role)) if found.novel else ()
            )
            said = novel.look(role, found, near, before)
            if said.event is not None:
                await store.save_novel(tx, said.event.novel, named(role.title).words)
                await outbox.add(tx, said.event, caused_by=cause)
                _log.info("novel_role_said", role_id=role.id, status=said.event.novel.status)


def _named_anew(before: store.Taken | None, after: store.Taken) -> bool:
    return before is None or (before.title, before.found_at) != (after.title, after.found_at)


def asked_for(request: Request) -> str | None:
    """For which standard role a request asks for staff, as it is written, however the request writes it; or for none."""
    if request.standard_role is None or not wants_staff(request):
        return None
    return {key(one): one for one in standard_roles()}.get(key(request.standard_role))
