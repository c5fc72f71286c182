"""Notify without its processes: what it hears, what it makes of that, what leaves; and a random month of it."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from loti_contracts.events import Envelope, Subscription, Topic
from services.notify.app import service
from services.notify.handlers import handlers
from services.notify.people import choices
from services.notify.people.asking import ask
from services.notify.people.consent import NotAsked
from services.notify.sending import ledger
from services.notify.sending.outgoing import Accepted, Outcome, Refused
from services.notify.sending.writing_down import Result, Withheld, write_down
from services.notify.settings import NotifySettings
from services.notify.telling.prepare import prepare
from services.notify.telling.sifting import sifted
from tests.notify.making import (
    CAMDEN,
    HACKNEY,
    agreed,
    answered,
    candidate,
    closed,
    contact,
    demand,
    erased,
    heard,
    item,
    match,
    novel,
    proposed,
    role,
    signal,
    source,
    stated,
)
from tests.remembered_log import RememberedLog

SETTINGS = NotifySettings(link_keys=SecretStr("k" * 32), most_a_day=1_000)
SERVICE = service(SETTINGS)
OWN: tuple[Topic, ...] = tuple(SERVICE.recovery.says) if SERVICE.recovery else ()
TERMS = choices.terms_of(SETTINGS)
_ON = handlers(SETTINGS)
_TOPICS = [
    Subscription(topic="new role"),
    Subscription(topic="new role", boroughs=(HACKNEY,)),
    Subscription(topic="new role", families=("Data",), frequency="daily"),
    Subscription(topic="offer below market"),
    Subscription(topic="shared demand"),
    Subscription(topic="novel role"),
    Subscription(topic="source failing"),
    Subscription(topic="library news", frequency="weekly"),
]


class Notify:
    """A database with notify on it, and what it heard, said and sent."""

    def __init__(self, db: Any, log: RememberedLog | None = None) -> None:
        self.db = db
        self.log = log or RememberedLog()
        self.sent: list[UUID] = []

    async def hear(self, *envelopes: Envelope[Any]) -> None:
        """What others say."""
        for one in envelopes:
            async with self.db.transaction():
                await _ON[type(one.event)](one, self.db)
            self.log.say(one)
        await self.log.publish(self.db)

    async def turn(self, now: datetime | None = None, refused: Any = lambda _: False) -> list[UUID]:
        """Ask, judge, gather and send what is due; which notifications leave in mails now."""
        now = now or datetime.now(UTC)
        for step in (ask, prepare):
            more = True
            while more:
                async with self.db.transaction():
                    more = await step(self.db, SETTINGS, now)
        left: list[UUID] = []
        while claimed := await self._claim():
            results = []
            for one in claimed:
                mail, reasons = sifted(one.mail, now)
                outcome: Outcome | Withheld = Accepted("250 taken")
                if not mail.items:
                    outcome = Withheld("Nothing is left to say.")
                elif refused(one.mail):
                    outcome = Refused("550 nobody is here")
                else:
                    left += [item_.id for item_ in mail.items]
                results.append(Result(one, outcome, reasons))
            async with self.db.transaction():
                await write_down(self.db, results, SETTINGS, now)
        self.sent += left
        await self.log.publish(self.db)
        return left

    async def _claim(self) -> list[ledger.Claimed]:
        async with self.db.transaction():
            return await ledger.claim(self.db, 100, 3_600.0)

    async def choose(self, contact_id: str, what: str, random: Random) -> None:
        """The person speaks: says yes to the question that waits, chooses anew, or wants nothing any more."""
        now = datetime.now(UTC)
        async with self.db.transaction():
            known = await choices.look(self.db, contact_id)
            try:
                if what == "yes" and known is not None and known.ask is not None:
                    await choices.confirm(self.db, contact_id, known.ask, now=now, terms=TERMS)
                elif what == "no":
                    await choices.withdraw(self.db, contact_id, now=now)
                elif what == "chooses":
                    wanted = tuple(random.sample(_TOPICS, random.randint(1, 3)))
                    await choices.choose(
                        self.db,
                        contact_id,
                        subscriptions=wanted,
                        quiet_hours=None,
                        most_a_day=None,
                        now=now,
                        terms=TERMS,
                    )
            except (NotAsked, choices.NoSuchContact):
                return
        await self.log.publish(self.db)

    async def empty(self) -> None:
        """Forget everything."""
        tables = ", ".join(one.table for one in SERVICE.holdings)
        await self.db.execute(f"TRUNCATE outbox, inbox, dead_letters, {tables}")


async def live(notify: Notify, seed: int) -> None:
    """A random month: contacts are stated, say yes and no, move and are erased; things come, change and go; mails leave,
    are refused or come back. At its end nothing waits to be done."""
    random = Random(seed)
    revisions: dict[str, int] = {}

    def next_(id_: str) -> int:
        revisions[id_] = revisions.get(id_, 0) + 1
        return revisions[id_]

    async def people() -> None:
        id_ = random.choice(("contact-1", "contact-2", "contact-3", "asks", "helps"))
        what = random.choice(("stated", "stated", "stated", "yes", "yes", "no", "chooses", "erased"))
        if what == "erased":
            if random.random() < 0.4:
                await notify.hear(erased(id_))
        elif what == "stated":
            wanted = random.sample(_TOPICS, random.randint(0, 3))
            where = random.choice((None, CAMDEN, HACKNEY))
            roles = random.choice(((), ("LOTI staff",)))
            email = f"wilhelmina.{id_}.{random.randrange(2)}@featherstone.example"
            one = contact(id_, next_(id_), *wanted, borough=where, roles=roles, email=email)
            await notify.hear(stated(agreed(one) if random.random() < 0.4 else one))
        else:
            await notify.choose(id_, what, random)

    async def things() -> None:
        number = random.randrange(3)
        id_ = f"role-{number}"
        revision = next_(id_)
        one = role(id_, revision, title=f"Data Engineer {random.randrange(2)}")
        if revision > 1 and random.random() < 0.4:
            one = closed(one.model_copy(update={"revision": revision - 1}))
        other = random.choice(
            (
                signal(f"signal-{number}", id_),
                demand(next_("demand"), status=random.choice(("current", "ended"))),
                novel("role-0", next_("novel"), status=random.choice(("novel", "withdrawn"))),
                source(next_("source"), status=random.choice(("failing", "working"))),
                item(
                    f"item-{number}", next_(f"item-{number}"), status=random.choice(("published", "retired"))
                ),
            )
        )
        await notify.hear(heard(one), heard(other))

    async def matches() -> None:
        revision = next_("match-1")
        if random.random() < 0.5:
            await notify.hear(heard(proposed(revision, shortlist=(candidate(),))))
        else:
            await notify.hear(answered(match(revision)))

    async def comes_back() -> None:
        rows = await notify.db.fetch("SELECT id FROM mail WHERE status = 'sent' ORDER BY id")
        if rows:
            async with notify.db.transaction():
                await ledger.mark_returned(notify.db, random.choice(rows)["id"], "550 nobody is here")
            await notify.log.publish(notify.db)

    for _ in range(random.randint(10, 25)):
        await random.choice((people, people, things, things, matches, comes_back))()
        if random.random() < 0.4:
            await notify.turn(refused=lambda mail: random.random() < 0.1)
    await notify.turn()


LATER = timedelta(days=8)
"""After so long every digest was due."""
