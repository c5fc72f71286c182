"""What is posted to /reports and /receipts/govuk-notify: only by whoever has the token, only what can be read."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
import pytest
from starlette.applications import Starlette

from services.notify.reports import web
from services.notify.settings import NotifySettings
from services.notify.web.app import web_app
from tests.notify.reports import came_back
from tests.notify.reports.came_back import READER, path_of
from tests.notify.reports.ledger_now import LedgerNow

BOUNCES = {"Authorization": "Bearer the-bounce-key", "Content-Type": "message/rfc822"}
RECEIPTS = {"Authorization": "Bearer the-callback-token", "Content-Type": "application/json"}


@pytest.fixture
async def client(signing: NotifySettings, pool: "asyncpg.Pool[Any]") -> AsyncIterator[httpx2.AsyncClient]:
    """A client of these routes alone."""
    app = Starlette(routes=web.routes(pool, signing))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://notify.example") as client:
        yield client


def receipt(mail: UUID, status: str, **changes: Any) -> bytes:
    """As GOV.UK Notify posts them."""
    facts = {
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a",
        "reference": str(mail),
        "to": READER,
        "status": status,
        "created_at": "2026-11-16T12:15:30.000000Z",
        "completed_at": "2026-11-16T12:15:30.000000Z",
        "sent_at": "2026-11-16T12:15:30.000000Z",
        "notification_type": "email",
        "template_id": "f33517ff-2a88-4f6e-b855-c550268ce08a",
        "template_version": 1,
    }
    return json.dumps(facts | changes).encode()


async def test_a_bounce_is_posted(ledger: LedgerNow, client: httpx2.AsyncClient) -> None:
    """A delivery report is heard, and once only; the answer says what came of it without the address."""
    await ledger.people("contact-1")
    raw = came_back.exchange(path_of(await ledger.digest()))
    first = await client.post("/reports", content=raw, headers=BOUNCES)
    again = await client.post("/reports", content=raw, headers=BOUNCES)
    assert (first.status_code, first.json()["ending"]) == (200, "taken")
    assert (again.status_code, again.json()["ending"]) == (200, "known")
    assert "featherstone.example" not in first.text
    assert await ledger.suppressed() == {"contact-1": "bounced"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer the-callback-token"}, 401),
        ({"Authorization": "Basic the-bounce-key"}, 401),
        ({"Authorization": "Bearer thé"}, 401),
        ({"Authorization": ""}, 401),
        ({"Content-Type": "text/html"}, 415),
    ],
)
async def test_who_may_post(
    headers: dict[str, str], status: int, ledger: LedgerNow, client: httpx2.AsyncClient
) -> None:
    """Without the right token, or with another kind of body, nothing is heard."""
    await ledger.people("contact-1")
    raw = came_back.postfix(path_of(await ledger.digest()))
    sent = [(name.encode(), value.encode()) for name, value in (BOUNCES | headers).items()]
    answer = await client.post("/reports", content=raw, headers=sent)
    assert answer.status_code == status
    assert await ledger.suppressed() == {}


async def test_what_is_posted(ledger: LedgerNow, client: httpx2.AsyncClient) -> None:
    """What is too large, no report, forged, or comes too early is answered so, with what to do."""
    await ledger.people("contact-1")
    mail = await ledger.digest()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    assert (await client.post("/reports", content=pieces(), headers=BOUNCES)).status_code == 413
    assert (await client.post("/reports", content=b"hello", headers=BOUNCES)).status_code == 422
    forged = await client.post(
        "/reports", content=came_back.ses(path_of(mail, key="x" * 32)), headers=BOUNCES
    )
    assert (forged.status_code, "forged" in forged.json()["words"]) == (422, True)
    await ledger.db.execute("UPDATE mail SET status = 'sending'")
    early = await client.post("/reports", content=came_back.ses(path_of(mail)), headers=BOUNCES)
    assert (early.status_code, "Retry-After" in early.headers) == (503, True)
    assert (await client.get("/reports", headers=BOUNCES)).status_code == 405


async def test_beside_the_pages(
    ledger: LedgerNow, signing: NotifySettings, pool: "asyncpg.Pool[Any]"
) -> None:
    """The routes are where the pages are, and reachable through all that guards those."""
    await ledger.people("contact-1")
    mail = await ledger.digest()
    transport = httpx2.ASGITransport(app=web_app(pool, signing))
    async with httpx2.AsyncClient(transport=transport, base_url=signing.public_url) as client:
        bounce = await client.post("/reports", content=came_back.ses(path_of(mail)), headers=BOUNCES)
        again = await client.post(
            "/receipts/govuk-notify", content=receipt(mail, "permanent-failure"), headers=RECEIPTS
        )
    assert (bounce.json()["ending"], again.json()["ending"]) == ("taken", "known")


async def test_no_token_no_route(signing: NotifySettings, pool: "asyncpg.Pool[Any]") -> None:
    """Where no token is set, there is nothing to post to."""
    assert (
        web.routes(pool, signing.model_copy(update={"bounce_key": None, "govuk_notify_callback": None})) == []
    )


async def test_the_database_is_away(signing: NotifySettings) -> None:
    """While the database is away a report is to be sent again."""
    async with asyncpg.create_pool("postgresql://nobody@127.0.0.1:1/none", min_size=0) as pool:
        app = Starlette(routes=web.routes(pool, signing))
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://notify.example"
        ) as client:
            answer = await client.post("/reports", content=came_back.ses(path_of()), headers=BOUNCES)
    assert answer.status_code == 503


@pytest.mark.parametrize(
    ("status", "listed"),
    [("delivered", {}), ("permanent-failure", {"contact-1": "bounced"}), ("temporary-failure", {})],
)
async def test_receipts(
    status: str, listed: dict[str, str], ledger: LedgerNow, client: httpx2.AsyncClient
) -> None:
    """A wrong address is suppressed, a full inbox is counted, both are told of; replayed, a receipt changes nothing."""
    await ledger.people("contact-1")
    mail = await ledger.digest()
    for ending in ("passed", "passed") if status == "delivered" else ("taken", "known"):
        answer = await client.post("/receipts/govuk-notify", content=receipt(mail, status), headers=RECEIPTS)
        assert (answer.status_code, answer.json()["ending"]) == (200, ending)
    assert await ledger.suppressed() == listed
    assert await ledger.status(mail) == ("sent" if status == "delivered" else "returned")
    assert len(await ledger.said()) == (0 if status == "delivered" else 1)
    assert await ledger.db.fetchval("SELECT count(*) FROM soft_bounce") == (status == "temporary-failure")


async def test_a_receipt_for_one_of_two(ledger: LedgerNow, client: httpx2.AsyncClient) -> None:
    """Each of an introduction's two has a reference of its own; GOV.UK Notify is believed about either."""
    from services.notify.sending.govuk_notify_answers import reference
    from tests.notify.sending.made import address

    await ledger.people("asks", "helps")
    mail = await ledger.introduction()
    for to, tagged in ((address("asks"), "helps"), (address("helps"), "helps")):
        body = receipt(
            mail, "permanent-failure", to=to, reference=reference(mail, address(tagged), shared=True)
        )
        await client.post("/receipts/govuk-notify", content=body, headers=RECEIPTS)
    assert await ledger.suppressed() == {"helps": "bounced"}
    assert [facts["notification"]["contact_id"] for facts in await ledger.said()] == ["helps"]


async def test_a_technical_failure(ledger: LedgerNow, client: httpx2.AsyncClient) -> None:
    """An email that never left GOV.UK Notify is due again; the receipt of an earlier sending says nothing of a later;
    after `retry_days` the mail is given up."""
    await ledger.people("contact-1")
    mail = await ledger.digest()
    body = receipt(mail, "technical-failure")
    taken = f"GOV.UK Notify took it as {json.loads(body)['id']}"
    await ledger.sent(mail, taken)
    for status, ending in ((200, "taken"), (503, "later")):
        answer = await client.post("/receipts/govuk-notify", content=body, headers=RECEIPTS)
        assert (answer.status_code, answer.json()["ending"]) == (status, ending)
        assert await ledger.status(mail) == "due"
    await ledger.sent(mail, "GOV.UK Notify took it as another")
    answer = await client.post("/receipts/govuk-notify", content=body, headers=RECEIPTS)
    assert answer.json()["ending"] == "known"
    assert await ledger.status(mail) == "sent"
    await ledger.db.execute("UPDATE mail SET made_at = made_at - interval '5 days'")
    answer = await client.post("/receipts/govuk-notify", content=body, headers=RECEIPTS)
    assert answer.json()["ending"] == "taken"
    assert await ledger.status(mail) == "returned"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"{}", "id"),
        (b"nonsense", "body"),
        (receipt(UUID(int=1), "permanent-failure"), "reference"),
        (receipt(UUID(int=1), "permanent-failure", reference=None), "reference"),
        (receipt(UUID(int=1), "exploded"), "status"),
    ],
)
async def test_bad_receipts(body: bytes, word: str, ledger: LedgerNow, client: httpx2.AsyncClient) -> None:
    """What is no receipt of ours is answered with what is wrong with it."""
    answer = await client.post("/receipts/govuk-notify", content=body, headers=RECEIPTS)
    assert (answer.status_code, answer.json()["ending"]) == (422, "not taken")
    assert word in answer.json()["words"]
