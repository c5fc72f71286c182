"""GOV.UK Notify as the other transport, against a real HTTP server that speaks its API."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import pytest
from pydantic import SecretStr

from services.notify.letters.letter import Letter
from services.notify.sending.govuk_notify import GovukNotify, NotSetUp
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Outcome, Outgoing, Refused
from services.notify.settings import NotifySettings
from tests.notify.sending.govuk_notify_api import KEY, SECRET, TEMPLATE, GovukNotifyApi

MAIL = UUID("0b5c7a1e-55a4-5b3f-9d0c-5f1c2d3e4f50")
ONE, OTHER = "asks@featherstone.example", "helps@featherstone.example"
LETTER = Letter("2 new roles", "plain", "<p>html</p>", "# 2 new roles\n\n* Data engineer\n")


def outgoing(
    *recipients: str, mail: UUID = MAIL, unsubscribe: str | None = None, letter: Letter = LETTER
) -> Outgoing:
    return Outgoing(mail, "bounces@loti.example", recipients or (ONE,), b"", letter, unsubscribe)


@pytest.fixture
def api() -> Iterator[GovukNotifyApi]:
    """An API that answers."""
    api = GovukNotifyApi()
    api.start()
    yield api
    api.stop()


@pytest.fixture
def govuk(api: GovukNotifyApi) -> NotifySettings:
    """Settings for it."""
    return NotifySettings(
        transport="govuk-notify",
        govuk_notify_url=api.url,
        govuk_notify_key=SecretStr(KEY),
        govuk_notify_template=TEMPLATE,
        govuk_notify_connections=2,
        smtp_timeout=5,
    )


@pytest.fixture
async def transport(govuk: NotifySettings) -> AsyncIterator[GovukNotify]:
    """The transport, and no connection left open after it."""
    transport = GovukNotify(govuk)
    yield transport
    await transport.close()


async def test_sent(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """The template gets the subject and the Markdown; the reference is the mail's id; one-click unsubscribing goes
    along, signed with our key."""
    found = await transport.send(outgoing(unsubscribe="https://loti.example/u/1"), within=5)
    [taken] = api.taken
    assert found == Accepted(f"GOV.UK Notify took it as {taken['id']}")
    assert {name: taken[name] for name in taken if name not in ("id", "status")} == {
        "email_address": ONE,
        "template_id": TEMPLATE,
        "personalisation": {"subject": LETTER.subject, "body": LETTER.markdown},
        "reference": str(MAIL),
        "one_click_unsubscribe_url": "https://loti.example/u/1",
    }


async def test_links_on_ones_own_machine(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """Where links are not https the mail goes without one-click unsubscribing, which would be refused."""
    found = await transport.send(outgoing(unsubscribe="http://127.0.0.1:8027/u/1"), within=5)
    assert isinstance(found, Accepted)
    assert "one_click_unsubscribe_url" not in api.taken[0]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("400 BadRequestError", NotNow),
        ("400 ValidationError", NotNow),
        ("403 AuthError", NotNow),
        ("404 NoResultFound", NotNow),
        ("429 RateLimitError", NotNow),
        ("429 TooManyRequestsError", NotNow),
        ("418 Teapot", NotNow),
        ("500 Exception", InDoubt),
        ("502 BadGateway", InDoubt),
        ("503 Unavailable", InDoubt),
        ("drop", InDoubt),
        ("take and drop", InDoubt),
        ("nonsense", InDoubt),
    ],
)
async def test_every_error(
    fault: str, expected: type[Outcome], transport: GovukNotify, api: GovukNotifyApi
) -> None:
    """What surely was not taken is for now; what may have been is in doubt; and nothing counts as sent that was not."""
    api.faults.append(fault)
    found = await transport.send(outgoing(), within=5)
    assert type(found) is expected
    settled = await transport.settle(outgoing())
    assert isinstance(settled, Accepted) == bool(api.taken)
    assert settled is None or api.taken
    status = fault.partition(" ")[0]
    if isinstance(found, NotNow):
        assert found.unreachable == (status in ("403", "404", "418"))
        assert (found.wait is not None) == (status == "429")
    assert (transport.paused() > 0) == (status == "429")


async def test_a_bad_address(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """An address that is none can never be reached; the answer does not repeat it."""
    found = await transport.send(outgoing("nobody"), within=5)
    assert isinstance(found, Refused)
    assert found.undeliverable == ("nobody",)
    assert "nobody" not in found.answer


async def test_a_key_for_the_team(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """What only a setting forbids is not the mail's fault, and not the address's: it waits for the setting."""
    api.team_only = True
    found = await transport.send(outgoing(), within=5)
    assert isinstance(found, NotNow)
    assert ("team-only" in found.answer, ONE in found.answer) == (True, False)


@pytest.mark.parametrize(
    ("part", "text", "words"),
    [
        ("body", "Dear ((name))", "((body))"),
        ("subject", "News", "((subject))"),
        ("type", "sms", "none for emails"),
    ],
)
async def test_a_template_of_something_else(
    part: str, text: str, words: str, transport: GovukNotify, api: GovukNotifyApi
) -> None:
    """A template that would send empty mails sends none: it says what is missing, and all mails wait until it is there."""
    right = api.template[part]
    api.template[part] = text
    found = await transport.send(outgoing(), within=5)
    assert isinstance(found, NotNow)
    assert (found.unreachable, words in found.answer, api.taken) == (True, True, [])
    api.template[part] = right
    assert isinstance(await transport.send(outgoing(), within=5), Accepted)


@pytest.mark.parametrize(
    "change",
    [{"govuk_notify_key": SecretStr(KEY.replace(SECRET, str(MAIL)))}, {"govuk_notify_template": str(MAIL)}],
)
async def test_a_wrong_key_or_template(
    change: dict[str, object], govuk: NotifySettings, api: GovukNotifyApi
) -> None:
    """A key that does not fit (403) or a template that is not there (404): nobody is served, nothing is lost."""
    transport = GovukNotify(govuk.model_copy(update=change))
    found = await transport.send(outgoing(), within=5)
    assert isinstance(found, NotNow)
    assert (found.unreachable, api.taken) == (True, [])
    await transport.close()


async def test_not_there(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """A server that is not reached surely took nothing; asked about a doubt, the doubt stays."""
    await transport.send(outgoing(mail=UUID(int=1)), within=5)
    await transport.close()
    api.stop()
    found = await transport.send(outgoing(), within=5)
    assert isinstance(found, NotNow)
    assert found.unreachable
    assert isinstance(await transport.settle(outgoing()), InDoubt)


async def test_no_answer(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """A mail that was taken, of which the answer never came, is in doubt; asked, GOV.UK Notify has it."""
    await transport.send(outgoing(mail=UUID(int=1)), within=5)
    api.faults.append("take and stall")
    found = await transport.send(outgoing(), within=0.4)
    assert isinstance(found, InDoubt)
    settled = await transport.settle(outgoing())
    assert isinstance(settled, Accepted)
    assert len(api.taken) == 2


async def test_a_technical_failure(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """An email that never left GOV.UK Notify does not settle a doubt: it may be sent again."""
    await transport.send(outgoing(), within=5)
    api.taken[0]["status"] = "technical-failure"
    assert await transport.settle(outgoing()) is None
    await transport.send(outgoing(), within=5)
    assert await transport.settle(outgoing()) == Accepted(f"GOV.UK Notify took it as {api.taken[1]['id']}")


@pytest.mark.parametrize(
    "fault", ["500 Exception", "429 RateLimitError", "drop", "take and drop", "nonsense"]
)
async def test_two_are_served_once_each(fault: str, govuk: NotifySettings, api: GovukNotifyApi) -> None:
    """Whatever happens to the second of two, and to the process, each gets the mail once in the end."""
    api.faults.extend(("", fault))
    transport = GovukNotify(govuk)
    found = await transport.send(outgoing(ONE, OTHER), within=5)
    assert not isinstance(found, Accepted)
    await transport.close()  # and another process goes on
    transport = GovukNotify(govuk)
    if isinstance(found, InDoubt):
        settled = await transport.settle(outgoing(ONE, OTHER))
        assert isinstance(settled, Accepted) == (len(api.taken) == 2)
    found = await transport.send(outgoing(OTHER, ONE), within=5)
    assert isinstance(found, Accepted)
    assert sorted(one["email_address"] for one in api.taken) == [ONE, OTHER]
    assert len({one["reference"] for one in api.taken}) == 2
    assert not any("featherstone" in one["reference"] for one in api.taken)
    assert all(one["id"] in found.answer for one in api.taken)
    await transport.close()


async def test_the_second_of_two_is_refused(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """Where the second can never be reached, the answer says that the first was served."""
    found = await transport.send(outgoing(ONE, "nobody"), within=5)
    assert isinstance(found, Refused)
    assert (found.undeliverable, api.taken[0]["id"] in found.answer) == (("nobody",), True)


async def test_so_many_threads(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """No more are in hand there than `govuk_notify_connections`; whoever waits in vain for a thread was surely not
    sent."""
    await transport.send(outgoing(mail=UUID(int=99)), within=5)
    api.faults.extend(["take and stall"] * 2)
    first = [asyncio.create_task(transport.send(outgoing(mail=UUID(int=n)), within=20)) for n in range(2)]
    while len(api.taken) < 3:
        await asyncio.sleep(0.005)
    found = await asyncio.gather(
        *(transport.send(outgoing(mail=UUID(int=n)), within=0.3) for n in range(2, 6))
    )
    assert [type(one) for one in found] == [NotNow] * 4
    api.go_on.set()
    again = [await transport.send(outgoing(mail=UUID(int=n)), within=20) for n in range(2, 6)]
    assert all(isinstance(one, Accepted) for one in [*again, *await asyncio.gather(*first)])
    assert (api.most_at_once, len(api.taken)) == (2, 7)


async def test_the_rate(govuk: NotifySettings, api: GovukNotifyApi) -> None:
    """No more mails leave in a time than the settings say; what is held back was not offered, and stays due."""
    transport = GovukNotify(govuk.model_copy(update={"rate": 2, "rate_seconds": 3600.0}))
    found = [await transport.send(outgoing(mail=UUID(int=n)), within=5) for n in range(3)]
    assert [type(one) for one in found] == [Accepted, Accepted, NotNow]
    assert isinstance(found[2], NotNow)
    assert found[2].wait is not None
    assert (len(api.taken), transport.paused() > 3000) == (2, True)
    await transport.close()


async def test_too_large(transport: GovukNotify, api: GovukNotifyApi) -> None:
    """A mail that GOV.UK Notify would refuse for its size is not even offered, and says so."""
    found = await transport.send(outgoing(letter=Letter("s", "", "", "é" * 1_000_000)), within=5)
    assert isinstance(found, Refused)
    assert ("make it shorter" in found.answer, api.taken) == (True, [])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"govuk_notify_key": None}, "LOTI_GOVUK_NOTIFY_KEY"),
        ({"govuk_notify_key": SecretStr("short")}, "LOTI_GOVUK_NOTIFY_KEY"),
        ({"govuk_notify_template": None}, "LOTI_GOVUK_NOTIFY_TEMPLATE"),
        ({"govuk_notify_template": "newsletter"}, "LOTI_GOVUK_NOTIFY_TEMPLATE"),
        ({"govuk_notify_url": "nowhere"}, "LOTI_GOVUK_NOTIFY_URL"),
        ({"govuk_notify_url": "http://[::"}, "LOTI_GOVUK_NOTIFY_URL"),
        ({"govuk_notify_url": "ftp://api.example"}, "LOTI_GOVUK_NOTIFY_URL"),
    ],
)
def test_not_set_up(change: dict[str, object], word: str, govuk: NotifySettings) -> None:
    """A missing or impossible setting is an error at the start that says where to get the right one."""
    with pytest.raises(NotSetUp, match=word):
        GovukNotify(govuk.model_copy(update=change))
