"""Hearing again: what others stated is kept as it was the first time, and nothing is decided; that was adopted."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Answer, Benchmark, Envelope, Outcome, Request, Role, Round, State, Supporter
from services.matching import market, store, words
from services.matching.demand import heard_titles
from services.matching.demand import store as demand
from services.matching.demand.handlers import asked_for

_queries = queries_beside(__file__)
_Hear = Callable[[Any, Envelope[Any], Connection], Awaitable[None]]


async def hear(said: Sequence[Envelope[Any]], tx: Connection) -> None:
    """Keep what these events state. Notifications state nothing that a match does not say."""
    await store.one_at_a_time(tx)
    for envelope in said:
        state = envelope.event.state
        hears = _HEARS.get(type(state))
        if hears is not None:
            await hears(state, envelope, tx)


async def _supporter(supporter: Supporter, envelope: Envelope[Any], tx: Connection) -> None:
    stated_at = min(supporter.stated_at or envelope.time, envelope.time).astimezone(UTC)
    await store.save_supporter(tx, supporter, stated_at=stated_at)


async def _request(request: Request, _: Envelope[Any], tx: Connection) -> None:
    known = await store.load_case(tx, request.id)
    if not await store.save_request(tx, request):
        return
    if known is not None and words.taken_back(known.request, request):
        case = await store.load_case(tx, request.id)
        after = words.without_words(case, before=known.request.revision) if case else None
        if case and after and after.match is not None and after.match == case.match:
            await store.save_match(tx, after, after.match)  # for which revision it was said, no event tells
            if after.place is not None:
                await store.let_go_of_place(tx, request.id)
                await store.keep_place(tx, request.id, after.place)
    before = await demand.take_in_request(tx, request, asked_for(request))
    for standard_role in {before, asked_for(request)} - {None}:
        await _queries.hear_of(tx, standard_role=standard_role, now=_now())


async def _answer(answer: Answer, _: Envelope[Any], tx: Connection) -> None:
    if await _queries.is_match(tx, id=answer.id):  # else it was set aside, and is so still
        await store.save_answer(tx, answer)


async def _outcome(outcome: Outcome, _: Envelope[Any], tx: Connection) -> None:
    if await _queries.is_match(tx, id=outcome.id):
        await store.save_outcome(tx, outcome)


async def _benchmark(benchmark: Benchmark, _: Envelope[Any], tx: Connection) -> None:
    await market.save_benchmark(tx, benchmark)


async def _role(role: Role, _: Envelope[Any], tx: Connection) -> None:
    if not await market.save_role(tx, role):
        return
    before = await demand.load_taken(tx, role.id)
    after = await demand.take_in(tx, role)
    await heard_titles.hear(tx, role, before)
    both = {one.standard_role for one in (before, after) if one is not None and one.standard_role}
    for standard_role in sorted(both):
        await _queries.hear_of(tx, standard_role=standard_role, now=_now())
    await _queries.look_at_role(tx, role_id=role.id, now=_now())


async def _round(round_: Round, envelope: Envelope[Any], tx: Connection) -> None:
    await _queries.hear_round(
        tx,
        id=round_.id,
        revision=round_.revision,
        status=round_.status,
        state=round_.model_dump_json(),
        correlation_id=envelope.correlation_id,
        causation_id=envelope.id,
    )


def _now() -> datetime:
    return datetime.now(UTC)


_HEARS: Mapping[type[State], _Hear] = {
    Supporter: _supporter,
    Request: _request,
    Answer: _answer,
    Outcome: _outcome,
    Benchmark: _benchmark,
    Role: _role,
    Round: _round,
}
