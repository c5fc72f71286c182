"""Looking for supporters: what every handler and the clock do with an open request.

Everything here happens in a transaction of the caller's, under `store.one_at_a_time`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from loti_contracts.events import Envelope, Request
from services.matching import course, market, matches, store
from services.matching.cases import Case, SupportPack
from services.matching.eligibility import Bar, SupporterNow, bar
from services.matching.fit import fit
from services.matching.judging import drawn
from services.matching.matches import UNANSWERED_DAYS
from services.matching.people import People
from services.matching.shortlist import Rules, Shortlist, shortlist
from services.matching.store import OpenShortlist
from services.matching.support_pack import support_pack

_log = structlog.get_logger("matching")


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Looking:
    """How supporters are looked for: by which rules, after how many days without an answer a shortlist lapses, and
    what time it is; and everybody who could be proposed."""

    rules: Rules = field(default_factory=Rules)
    unanswered_days: int = UNANSWERED_DAYS
    clock: Callable[[], datetime] = _utc_now
    people: People = field(default_factory=People)

    async def begin(self, tx: Connection) -> None:
        """Hold everyone else until `tx` ends, and know what they did."""
        await self.people.refresh(tx, await store.one_at_a_time(tx))

    async def case_of(self, tx: Connection, request_id: str) -> Case:
        """The case of a request that is known."""
        case = await store.load_case(tx, request_id)
        assert case is not None  # noqa: S101 - a request is never deleted
        return case

    async def look(self, tx: Connection, case: Case, *, cause: Envelope[Any] | None) -> Case:
        """Look afresh at who could help with a request, say what is new, and give back the case as it is then."""
        now = self.clock()
        gone = matches.closed(case, now=now, unanswered_days=self.unanswered_days)
        if gone is not None:
            await self.save_and_announce(tx, case, gone, cause=cause)
            return await self.let_go(tx, gone, cause=cause)
        if case.settled or case.request.status == "withdrawn":
            return case
        kept = case if self._keeps(case) else replace(case, place=None)
        if case.place is not None and kept.place is None:
            await store.let_go_of_place(tx, case.request.id)
            await self.begin(tx)
        after = await self._look_anew(tx, kept, cause=cause)
        if case.place is not None and kept.place is None:
            await self.supporter_changed(tx, case.place.candidate.supporter_id, cause=cause)
        return after

    async def let_go(self, tx: Connection, case: Case, *, cause: Envelope[Any] | None) -> Case:
        """Keep no place for a request any more, if one was kept, and see whom that helps."""
        if case.place is None:
            return case
        await store.let_go_of_place(tx, case.request.id)
        await self.supporter_changed(tx, case.place.candidate.supporter_id, cause=cause)
        return replace(case, place=None)

    def barred(self, case: Case, supporter_id: str) -> Bar | None:
        """Why a supporter cannot help with a request now; the place kept for it is theirs to take."""
        now = self.people.candidates.get(supporter_id)
        if now is None:
            return None
        if case.place is not None and case.place.candidate.supporter_id == supporter_id:
            now = replace(now, kept=now.kept - 1)
        return bar(case.request, now, today=self.today(), fresh_for=self.rules.fresh_for)

    async def _look_anew(self, tx: Connection, case: Case, *, cause: Envelope[Any] | None) -> Case:
        now = self.clock()
        found = self.shortlist(case)
        await store.save_shortlist(tx, case.request.id, found, judged_on=now.date())
        after = matches.reconsider(case, found, now=now)
        if after is None:
            return case
        if after.stage == "proposed":
            after = matches.proposed(case, found, pack=await self.pack(tx, case.request), now=now)
        await self.save_and_announce(tx, case, after, cause=cause)
        return after

    def _keeps(self, case: Case) -> bool:
        """Whether what a round gave the request still holds."""
        place = case.place
        if place is None or place.request_revision != case.request.revision:
            return False
        return self.barred(case, place.candidate.supporter_id) is None

    async def supporter_changed(
        self, tx: Connection, supporter_id: str, *, cause: Envelope[Any] | None
    ) -> None:
        """Look again at the open requests that name the supporter, or should now."""
        await self.begin(tx)
        now = self.people.candidates.get(supporter_id)
        if now is None:
            return
        for open_ in await store.load_unsettled(tx, now.supporter.kind, supporter_id=supporter_id):
            if self._concerns(open_, now):
                await self.look(tx, await self.case_of(tx, open_.request.id), cause=cause)

    def shortlist(self, case: Case) -> Shortlist:
        """The shortlist of a request as it would be now: whom a round gave it, or whoever fits best."""
        if case.place is not None and self._keeps(case):
            return Shortlist(candidates=(case.place.candidate,), left_out=(), round_id=case.place.round_id)
        return shortlist(case.request, self.people.candidates, today=self.today(), rules=self.rules)

    async def pack(self, tx: Connection, request: Request) -> SupportPack:
        """The support pack of a request as it would be now."""
        if request.standard_role is None:
            return SupportPack()
        benchmarks = await market.load_benchmarks(tx, request.standard_role)
        live = await market.load_live_roles(tx, request.standard_role) if request.kind == "recruiter" else ()
        return support_pack(request, benchmarks, live)

    async def save_and_announce(
        self, tx: Connection, before: Case, after: Case, *, cause: Envelope[Any] | None
    ) -> None:
        """Keep the case as it is now, and say what is new of its match."""
        assert after.match is not None  # noqa: S101 - what is new is a match
        match = after.match.model_copy(update={"request_revision": after.said_revision})
        await store.save_match(tx, after, match)
        await outbox.add(tx, course.announcement(before.match, match), caused_by=cause)
        _log.info(
            "match_said",
            match_id=match.id,
            revision=match.revision,
            stage=match.stage,
            candidates=len(match.shortlist),
        )

    async def take_back(
        self, tx: Connection, before: Case, after: Case, *, cause: Envelope[Any] | None
    ) -> None:
        """Keep a case whose request lost its words, and say its match without them, if it had them."""
        if after.place is not None and after.place != before.place:
            await store.let_go_of_place(tx, after.request.id)
            await store.keep_place(tx, after.request.id, after.place)
        if after.match is None:
            return
        if after.match != before.match:
            await self.save_and_announce(tx, before, after, cause=cause)
        else:
            await store.save_match(tx, after, after.match)

    def today(self) -> date:
        """The day by the clock."""
        return self.clock().date()

    def _concerns(self, open_: OpenShortlist, now: SupporterNow) -> bool:
        """Whether the shortlist of a request may be another since that supporter changed."""
        request, supporter_id = open_.request, now.supporter.id
        if supporter_id in open_.shortlisted:
            return True
        if bar(request, now, today=self.today(), fresh_for=self.rules.fresh_for):
            return False
        measured = fit(request, now, weights=self.rules.weights)
        if not measured.related:
            return False
        if open_.worst is None or len(open_.shortlisted) < self.rules.size:
            return True
        place = (-measured.score, drawn(request.id, supporter_id))
        return place < (-open_.worst, drawn(request.id, open_.shortlisted[-1]))
