"""Matching's tables from topics: after any history they are what they were, and nothing is decided anew."""

import asyncio
import json
import uuid
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loti_contracts.delivery.batch import each
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.recovering import rebuild, republish, restored
from loti_contracts.events import (
    Answer,
    AnswerStated,
    Benchmark,
    BenchmarkUpdated,
    Envelope,
    Event,
    Match,
    Notification,
    NotificationSent,
    Outcome,
    OutcomeStated,
    Request,
    RequestStated,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    Round,
    RoundStated,
    State,
    Supporter,
    SupporterStated,
    envelop,
)
from services.matching import app
from services.matching.after_handlers import AfterHandlers
from services.matching.asked_rounds.handlers import RoundHandlers
from services.matching.clock import Clock
from services.matching.demand import clock as demand_clock
from services.matching.demand.handlers import Demand
from services.matching.demand.rules import Rules
from services.matching.handlers import Handlers
from services.matching.market_handlers import MarketHandlers
from tests.matching import demand_world
from tests.matching.hearing import Alone, Town, a_benchmark, accepts, came_of, declines, sent
from tests.matching.making import BOROUGHS, NOON, SKILLS, a_request, a_supporter
from tests.matching.rounds_by_event.hall import a_round, asks, decided, mentors
from tests.remembered_log import RememberedLog

on_a_database = settings(
    # A history takes a second or two: few in the suite, some eighty of each with LOTI_TEST_EXAMPLES=thorough.
    max_examples=settings().max_examples // 12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SERVICE = app.service()
EVENTS: dict[type[State], Any] = {
    Request: lambda state: RequestStated(request=state),
    Supporter: lambda state: SupporterStated(supporter=state),
    Answer: lambda state: AnswerStated(answer=state),
    Outcome: lambda state: OutcomeStated(outcome=state),
    Notification: lambda state: NotificationSent(notification=state),
    Benchmark: lambda state: BenchmarkUpdated(benchmark=state),
    Round: lambda state: RoundStated(round=state),
}


class Matching:
    """One process of matching with all that it does, whose clock the test sets, and what it heard and said."""

    def __init__(self, db: Any) -> None:
        self.db = db
        self.town = Town()
        self.demand = Demand(Rules(), clock=lambda: self.town.now)
        self.log = RememberedLog()
        self.revisions: dict[str, int] = {}
        looking = self.town.looking
        people = Handlers(looking, then=(self.demand.on_request,))
        market = MarketHandlers(then=(self.demand.on_role,))
        after = AfterHandlers(looking)
        self._handle = each(
            {
                RequestStated: people.on_request_stated,
                SupporterStated: people.on_supporter_stated,
                AnswerStated: people.on_answer_stated,
                OutcomeStated: after.on_outcome_stated,
                NotificationSent: after.on_notification_sent,
                BenchmarkUpdated: market.on_benchmark_updated,
                RoleDiscovered: market.on_role,
                RoleChanged: market.on_role,
                RoleClosed: market.on_role,
                RoundStated: RoundHandlers(looking).on_round_stated,
            }
        )

    async def hear(self, *states: State) -> None:
        """Handle the events that say these states, each in a transaction; what cannot be is set aside."""
        for state in states:
            event: Event = of_role(state) if isinstance(state, Role) else EVENTS[type(state)](state)
            said: Envelope[Any] = envelop(
                event, source="/loti/test", time=self.town.now, id=str(uuid.uuid4())
            )
            try:
                async with self.db.transaction():
                    await self._handle([said], self.db)
            except Park:
                continue
            self.log.say(said)
        await self.log.publish(self.db)

    async def turn(self) -> int:
        """Let time do what it does, and rounds be decided; how much is said then."""
        clock = Clock(self.town.looking, every=1)
        await clock.turn(Alone(self.db))  # type: ignore[arg-type]
        await decided(self.db, by=self.town)
        await demand_clock.begin(Alone(self.db), self.demand)  # type: ignore[arg-type]
        await demand_clock.look_until_done(Alone(self.db), self.demand, asyncio.Event())  # type: ignore[arg-type]
        return await self.log.publish(self.db)

    async def matches(self) -> list[Match]:
        """As they stand."""
        rows = await self.db.fetch("SELECT state FROM matches ORDER BY id")
        return [Match.model_validate_json(row["state"]) for row in rows]

    async def empty(self) -> None:
        """Forget everything."""
        tables = ", ".join(one.table for one in SERVICE.holdings if one.comes_from == "topics")
        await self.db.execute(f"TRUNCATE outbox, inbox, dead_letters, {tables}")
        await self.db.execute("UPDATE demand_clock SET decided_at = '-infinity'")


def of_role(role: Role) -> Event:
    """The event that a role so comes with."""
    if role.status == "closed":
        return RoleClosed(role=role)
    return RoleDiscovered(role=role) if role.revision == 1 else RoleChanged(role=role)


async def live(matching: Matching, seed: int) -> None:
    """A random month: people state, answer and restate; roles come, change and go; a round is held; time passes."""
    random = Random(seed)
    revisions = matching.revisions

    def next_(id_: str) -> dict[str, Any]:
        revisions[id_] = revisions.get(id_, 0) + 1
        return {"id": id_, "revision": revisions[id_]}

    async def people() -> None:
        what = random.choice(("request", "request", "supporter", "supporter", "mentor", "asks"))
        number = random.randrange(3)
        if what == "request":
            status = "withdrawn" if random.random() < 0.15 else "open"
            skills = tuple(random.sample(SKILLS, random.randrange(3)))
            note = random.choice((None, "Soon, please."))
            await matching.hear(
                a_request(**next_(f"request-{number}"), status=status, skills=skills, note=note)
            )
        elif what == "supporter":
            capacity, skills = random.randint(0, 2), tuple(random.sample(SKILLS, random.randrange(3)))
            await matching.hear(
                a_supporter(
                    **next_(f"supporter-{number}"),
                    contact_id=f"helps-{number}",
                    capacity=capacity,
                    skills=skills,
                )
            )
        elif what == "mentor":
            await matching.hear(mentors(number, **next_(f"mentor-{number}")))
        else:
            await matching.hear(asks(number + 10, **next_(f"request-{number + 10}")))

    async def answers() -> None:
        known = await matching.matches()
        if not known:
            return
        one = random.choice(known)
        if one.status == "accepted":
            told = sent(one.request_id, one.requester_contact_id, at=matching.town.now)
            result = random.choice(("nothing", "ongoing", "advised"))
            await matching.hear(
                random.choice(
                    (told, came_of(one.request_id, result, revision=next_(f"o{one.id}")["revision"]))
                )
            )
            return
        revision = next_(f"a{one.id}")["revision"]
        chosen = random.choice([None, *(candidate.supporter_id for candidate in one.shortlist * 3)])
        await matching.hear(
            accepts(one.request_id, chosen, revision=revision)
            if chosen
            else declines(one.request_id, revision=revision)
        )

    async def market() -> None:
        id_ = f"role-{random.randrange(6)}"
        kind = random.choice(("Data engineer", "Data analyst", None))
        boroughs = random.sample(BOROUGHS, random.randint(1, 2))
        role = demand_world.a_role(*boroughs, standard_role=kind, **next_(id_), found_at=NOON)
        if role.revision > 1 and random.random() < 0.4:
            role = role.model_copy(
                update={"status": "closed", "closed_at": matching.town.now, "closed_because": "gone"}
            )
        benchmark = a_benchmark(revision=next_("benchmark")["revision"], adverts=random.randint(5, 50))
        await matching.hear(role, benchmark)

    async def rounds() -> None:
        known = await matching.db.fetchrow("SELECT revision, result::text FROM rounds WHERE revision > 0")
        if known is None or random.random() < 0.3:
            await matching.hear(a_round(**next_("round-1") | {"id": "round-1"}))
        elif known["result"]:
            result = await matching.db.fetchval("SELECT (result->>'revision')::int FROM rounds")
            status = random.choice(("published", "published", "cancelled"))
            await matching.hear(a_round(**next_("round-1"), status=status, result_revision=result))

    for _ in range(random.randint(5, 25)):
        await random.choice((people, people, people, answers, answers, market, rounds))()
        if random.random() < 0.2:
            matching.town.now += timedelta(days=random.choice((0, 1, 16)))
            await matching.turn()
    await matching.turn()


def state_of(value: bytes | None) -> dict[str, Any]:
    """What an event says, without what tells of the way there."""
    ways = ("changed", "after", "contact_ids")
    return {name: part for name, part in json.loads(value or b"{}").items() if name not in ways}


def own(log: RememberedLog) -> dict[Any, dict[str, Any]]:
    """The newest state of everything that matching says."""
    topics = {topic.name for topic in SERVICE.recovery.says} if SERVICE.recovery else set()
    told = log.compacted().told
    return {(one.topic, one.key): state_of(one.value) for one in told if one.topic in topics}


TABLES = [one.table for one in SERVICE.holdings if one.comes_from == "topics"]


async def keep(db: Any) -> dict[str, list[Any]]:
    """A backup."""
    return {table: await db.fetch(f"TABLE {table}") for table in TABLES}


async def bring_back(db: Any, backup: dict[str, list[Any]]) -> None:
    """The backup, and nothing else, is there."""
    await db.execute(f"TRUNCATE outbox, {', '.join(TABLES)}")
    for table, rows in reversed(backup.items()):
        if rows:
            columns = [name for name in dict(rows[0]) if name != "written_by"]
            records = [tuple(row[name] for name in columns) for row in rows]
            await db.copy_records_to_table(table, records=records, columns=columns)


@on_a_database
@given(st.integers(0, 2**32))
async def test_any_history_heard_again_ends_in_the_same_tables(db: Any, seed: int) -> None:
    """Every table is as it was, row by row, but for when a database learnt of something; nothing is said, and nothing
    when the clocks turn; what is said again are the very states of the topics."""
    matching = Matching(db)
    await matching.empty()
    await live(matching, seed)
    done = await rebuild(SERVICE, db, matching.log, even_if_lost=True)
    assert [table for table in done.tables if not table.same] == []
    assert (done.parked, done.said.total()) == (0, 0)
    matching.town.looking.people.forget()
    assert await matching.turn() == 0
    lost = RememberedLog()
    await republish(SERVICE, db, lost)
    await lost.publish(db)
    assert own(lost) == own(matching.log)


@on_a_database
@given(st.integers(0, 2**32))
async def test_after_compaction_too(db: Any, seed: int) -> None:
    """With only the newest state of each thing left on the topics, every table of states is the same, and so is what
    would be said; nothing is decided anew."""
    matching = Matching(db)
    await matching.empty()
    await live(matching, seed)
    said = own(matching.log)
    done = await rebuild(SERVICE, db, matching.log.compacted(), even_if_lost=True)
    # Of what roles were called before, and which standard roles they had, compacted topics tell nothing.
    told = {"feature_links", "shared_demand", "rounds"}
    assert [table for table in done.tables if not table.same and table.table not in told] == []
    assert done.said.total() == 0
    matching.town.looking.people.forget()
    assert await matching.turn() == 0
    lost = RememberedLog()
    await republish(SERVICE, db, lost)
    await lost.publish(db)
    assert own(lost) == said


@on_a_database
@given(st.integers(0, 2**32))
async def test_an_older_backup_comes_to_what_was_said_since(db: Any, seed: int) -> None:
    """Whatever was decided after the backup is known again, and nothing is decided anew."""
    matching = Matching(db)
    await matching.empty()
    await live(matching, seed)
    backup = await keep(db)
    await live(matching, seed + 1)
    now = await keep(db)
    await bring_back(db, backup)
    done = await restored(SERVICE, db, matching.log)
    assert (done.parked, done.said.total()) == (0, 0)
    for holding in SERVICE.holdings:
        if holding.comes_from == "topics":
            rows = [dict(row) for row in await db.fetch(f"TABLE {holding.table}")]
            assert same(rows, holding.learnt) == same(map(dict, now[holding.table]), holding.learnt)
    matching.town.looking.people.forget()
    assert await matching.turn() == 0


def same(rows: Any, learnt: tuple[str, ...]) -> list[str]:
    """Rows without what a database merely learnt, in an order of their own."""
    return sorted(str({name: part for name, part in row.items() if name not in learnt}) for row in rows)
