"""Every page in every state that a reader can meet, as HTML."""

from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta
from typing import Any

from loti_contracts.events import Edition, Match, QuietHours, Subscription
from tests.notify.making import CAMDEN, HACKNEY, candidate, contact, match
from tests.notify.web.conftest import World

LONG = "Wilhelmina-Featherstone" * 12
CHOSEN = (
    Subscription(
        topic="new role",
        frequency="daily",
        families=("Data",),
        standard_roles=("Data engineer",),
        levels=("senior", "lead"),
        boroughs=(CAMDEN, HACKNEY),
        minimum_pay=4_500_000,
    ),
    Subscription(topic="shared demand", frequency="weekly"),
    Subscription(topic="newsletter"),
)


def proposed(revision: int = 1, **changes: Any) -> Match:
    """A match with two on its shortlist, not answered."""
    other = candidate("also-helps").model_copy(update={"supporter_id": "supporter-2", "score": 0.4})
    facts: dict[str, Any] = {
        "status": "proposed",
        "stage": "proposed",
        "accepted": None,
        "answered_at": None,
        "shortlist": (candidate(), other),
    }
    return match(revision, **facts | changes)


async def people(world: World) -> None:
    """Who asks, and who helps."""
    quiet = QuietHours(start=time(18), end=time(8), weekends=True)
    roles = ("hiring manager", "LOTI staff")
    await world.knows(
        contact("asks", 1, *CHOSEN, quiet_hours=quiet, most_a_day=3, roles=roles, borough=CAMDEN)
    )
    await world.knows(contact("helps"))
    await world.knows(contact("also-helps", name=LONG, organisation=f"<b>{LONG}</b>"))


async def ask_of(world: World, contact_id: str) -> str:
    """The question that waits for that contact's yes."""
    known = await world.known(contact_id)
    assert known
    assert known.choice
    return str(known.choice.ask)


async def told(world: World, contact_id: str, number: int) -> None:
    """So many notifications of every status, each later than the one before."""
    for at in range(number):
        status = ("sent", "due", "refused", "returned", "withheld", "held")[at % 6]
        mail = await world.pool.fetchval(
            """INSERT INTO mail (id, kind, status, attempts, doubts, sent_at, answer)
               VALUES (gen_random_uuid(), 'digest', $1, 2, 1, $2, $3) RETURNING id""",
            status if status in ("sent", "due", "refused", "returned") else "withheld",
            world.clock() if status in ("sent", "returned") else None,
            "250 2.0.0 Ok: queued as 4Q9xYz" if status == "sent" else "550 5.7.1 Refused",
        )
        loose = status in ("withheld", "held")
        await world.pool.execute(
            """INSERT INTO notification (id, kind, about, contact_id, caused_by, correlation_id, why, due_at, withheld,
                   held, returned, mail_id)
               VALUES (gen_random_uuid(), 'new role', $1, $2, $3, 'story', 'You asked for senior roles in Camden.', $4,
                   $5, $6, $7, $8)""",
            f"role-{at}",
            contact_id,
            f"event-{at}",
            world.clock() + timedelta(minutes=at),
            "The role has closed." if status == "withheld" else None,
            "It came in your quiet hours." if status == "held" else None,
            "The mailbox is full." if status == "returned" else None,
            None if loose else mail,
        )


async def sent_edition(world: World) -> None:
    """A newsletter that readers have."""
    edition = Edition(
        id="2026-11",
        revision=1,
        title="November in London’s digital teams",
        summary="Twelve new jobs, and what they pay.",
        markdown=EDITION,
        since=date(2026, 11, 1),
        until=date(2026, 11, 30),
        link=world.links.edition("2026-11"),
        sent_at=world.clock(),
    )
    await world.pool.execute(
        """INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id)
           VALUES ('edition', $1, 1, false, $2, '', '')""",
        edition.id,
        edition.model_dump_json(),
    )
    await world.pool.execute(
        """INSERT INTO edition (id, status, title, summary, markdown, since, until, began_at, sent_at, send_at)
           VALUES ($1, 'sent', $2, $3, $4, $5, $6, $7, $7, $7)""",
        edition.id,
        edition.title,
        edition.summary,
        edition.markdown,
        edition.since,
        edition.until,
        edition.sent_at,
    )


EDITION = """## New jobs

**Camden** looks for a [senior data engineer](https://jobs.camden.example/1).

- £52,000 to £58,000 a year
- closes on 30 November

1. Read it
2. Apply

---

## To come to

A meeting of all boroughs.
"""


async def pages(world: World) -> dict[str, str]:
    """The HTML of every page by its name."""
    await people(world)
    links, client, made = world.links, world.client, dict[str, str]()

    async def get(name: str, url: str, status: int = 200) -> None:
        answer = await client.get(url)
        assert answer.status_code == status, (name, answer.text)
        made[name] = answer.text

    async def post(name: str, url: str, status: int = 200, **said: Any) -> None:
        answer = await client.post(url, data=said)
        assert answer.status_code == status, (name, answer.text)
        made[name] = answer.text

    steps: tuple[Callable[[], Awaitable[None]], ...] = (
        lambda: get("preferences-asked", links.preferences("asks")),
        lambda: post("preferences-wrong", links.preferences("asks"), 422, **WRONG),
        lambda: post("preferences-more", links.preferences("asks"), **RIGHT, more="yes"),
    )
    for step in steps:
        await step()
    confirm = links.confirm("asks", await ask_of(world, "asks"))
    await get("confirm", confirm)
    await post("confirmed", confirm)
    await get("confirm-again", confirm)
    await get("preferences", links.preferences("asks"))
    await post("preferences-saved", links.preferences("asks"), 303, **RIGHT)
    await get("preferences-saved", links.preferences("asks") + "?saved=yes")
    await get("ledger-empty", links.ledger("asks"))
    await told(world, "asks", 30)
    await get("ledger", links.ledger("asks") + "?page=1")
    await get("ledger-older", links.ledger("asks") + "?page=2")
    await world.heard(proposed())
    answer = links.answer(proposed(), "asks", "supporter-2")
    await get("answer", answer)
    await post("answer-wrong", answer, 422, revision="1", answer="")
    await get("answer-changed", links.answer(proposed(7), "asks", "supporter-9"))
    await post("answer-said", answer, 303, revision="1", answer="supporter-1")
    await get("answer-said", answer)
    await world.heard(match(9, stage="introduced", introduced_at=world.clock()))
    await get("answer-settled", answer)
    outcome = links.outcome(match(9), "asks", "mentored")
    await get("outcome", outcome)
    await post("outcome-wrong", outcome, 422, note="x" * 2_001)
    await post("outcome-said", outcome, result="mentored", note="Every second week.")
    await get("outcome-again", outcome)
    await get("unsubscribe", links.unsubscribe("asks"))
    await post("unsubscribed", links.unsubscribe("asks"), **{"List-Unsubscribe": "One-Click"})
    await post("confirm-refused", confirm, 409)
    await get("forget", links.preferences("asks") + "/forget")
    await post("forgotten", links.preferences("asks") + "/forget", forget="yes")
    await get("nobody", links.preferences("asks"))
    await get("damaged", links.preferences("asks")[:-3], 404)
    await get("no-page", "/nothing", 404)
    await sent_edition(world)
    await get("newsletters", "/newsletters")
    await get("newsletter", links.edition("2026-11"))
    return made


RIGHT: dict[str, Any] = {
    "roles-0": "at once",
    "roles-0-families": ["Data", "Architecture"],
    "roles-0-minimum_pay": "£45,000",
    "novel-role": "weekly",
    "benchmark-moved": "off",
    "offer-below-market": "daily",
    "shared-demand": "off",
    "match-proposed": "at once",
    "follow-up-due": "weekly",
    "library-news": "off",
    "event": "off",
    "newsletter": "at once",
    "source-failing": "off",
    "quiet_from": "6pm",
    "quiet_until": "08.00",
    "most_a_day": "5",
}
WRONG: dict[str, Any] = RIGHT | {
    "roles-0-standard_roles": ["Delivery manager"],
    "roles-0-minimum_pay": "plenty",
    "event": "hourly",
    "quiet_from": "teatime",
    "quiet_until": "",
    "most_a_day": "0",
}
