"""What matching does when a round is heard. The consumer owns the transaction."""

from collections.abc import Iterable
from typing import Any

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.events import Envelope, Round, RoundDecided, RoundResult, RoundStated
from services.matching import store as matching_store
from services.matching.asked_rounds import following, publishing, store
from services.matching.asked_rounds.store import Known
from services.matching.looking import Looking


class RoundHandlers:
    """The handler of rounds."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    async def on_round_stated(self, envelope: Envelope[RoundStated], tx: Connection) -> None:
        """Publish a round or call it off; one that is asked for waits for the clock to decide it."""
        round_ = envelope.event.round
        await self._looking.begin(tx)
        known = await store.load(tx, round_.id)
        if known is not None and known.round.revision >= round_.revision:
            return
        try:
            following.check(round_, known.round if known else None, known.said if known else None)
        except following.CannotFollow as error:
            raise Park(str(error)) from error
        await store.save(tx, round_, cause=envelope)
        if known is None or round_.status == "asked":
            return
        if round_.status == "published":
            said = await self._publish(tx, round_, known, cause=envelope)
        else:
            said = await self._call_off(tx, round_, known, cause=envelope)
        await store.save_result(tx, said)
        await outbox.add(tx, RoundDecided(result=said), caused_by=envelope)

    async def _publish(
        self, tx: Connection, round_: Round, known: Known, *, cause: Envelope[Any]
    ) -> RoundResult:
        """All of its pairs, or none."""
        result = known.said
        why = following.why_not_this_result(round_, known.round, result)
        if why is not None or result is None:
            return self._said(round_, known, status="refused", why=why)
        looking = self._looking
        found = await store.load_cases(tx, kind=round_.kind, named=_requests_of(result))
        cases = {case.request.id: case for case in found}
        people = {
            id_: now
            for pair in result.pairs
            if (now := looking.people.candidates.get(id_ := pair.supporter_id)) is not None
        }
        why = publishing.what_moved(
            result,
            cases,
            people,
            kind=round_.kind,
            by=publishing.Rules(looking.clock(), looking.rules.fresh_for, looking.unanswered_days),
        )
        if why is not None:
            return self._said(round_, known, status="refused", why=why)
        for place, pair in zip(publishing.places(result, cases, people), result.pairs, strict=True):
            await matching_store.keep_place(tx, pair.request_id, place)
        await self._look_at(tx, list(cases), people, cause=cause)
        published = {"status": "published", "changes": (), "why": None}
        return self._said(round_, known, **result.model_dump(exclude=_ITS_OWN) | published)

    async def _call_off(
        self, tx: Connection, round_: Round, known: Known, *, cause: Envelope[Any]
    ) -> RoundResult:
        """Who was given a supporter and has not accepted is looked after like everybody else again."""
        kept = await store.places_of(tx, round_.id)
        for request_id in kept:
            await matching_store.let_go_of_place(tx, request_id)
        await self._look_at(tx, list(kept), dict.fromkeys(kept.values()), cause=cause)
        why = "The round was called off."
        if known.said and known.said.status == "published":
            why += (
                f" Without an answer so far: {len(kept)} of its {len(known.said.pairs)} pairs. Supporters are looked for "
                "anew for these requests; the others stay as they are."
            )
        return self._said(round_, known, status="cancelled", why=why)

    async def _look_at(
        self, tx: Connection, requests: Iterable[str], supporters: Iterable[str], *, cause: Envelope[Any]
    ) -> None:
        """Say what is new of these requests, and then of all that these supporters may concern."""
        looking = self._looking
        await looking.begin(tx)
        for request_id in requests:
            await looking.look(tx, await looking.case_of(tx, request_id), cause=cause)
        for supporter_id in supporters:
            await looking.supporter_changed(tx, supporter_id, cause=cause)

    def _said(self, round_: Round, known: Known, **facts: Any) -> RoundResult:
        return RoundResult.model_validate(
            {
                "id": round_.id,
                "revision": known.next_revision,
                "round_revision": round_.revision,
                "decided_at": self._looking.clock(),
                **facts,
            }
        )


_ITS_OWN = {"id", "revision", "round_revision", "decided_at"}


def _requests_of(result: RoundResult) -> list[str]:
    return [pair.request_id for pair in result.pairs]
