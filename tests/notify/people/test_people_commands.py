"""The commands about people, as a person types them: good and bad input, and no address in any output."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from loti_contracts.events import Consent
from services.notify.people import people_commands, suppression
from services.notify.people.address_keys import hash_keys
from tests.notify.making import contact, stated
from tests.notify.people.making import NEWS, ROLES, chosen, hear, questions, turn

ADDRESS = "wilhelmina.contact-1@featherstone.example"
APP = typer.Typer()
people_commands.add_to(APP)


@pytest.fixture
def loti(dsn: str) -> Any:
    """`await loti("erase", "contact-1", input="…", keys="…")`: the command on the test's database."""

    async def run(*arguments: str, input: str | bytes | None = None, keys: str = "k" * 32) -> Result:
        env = {"LOTI_DATABASE": dsn, "LOTI_LINK_KEYS": keys, "COLUMNS": "200"}
        result = await asyncio.to_thread(CliRunner().invoke, APP, arguments, input=input, env=env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "featherstone" not in result.output.casefold()
        return result

    return run


async def test_addresses_are_listed_from_standard_input(db: Any, loti: Any) -> None:
    """Addresses come on standard input, one a line, in any case, with empty lines between; the list shows their
    contacts and hashes; they are taken off the same way."""
    await hear(db, stated(contact("contact-1", 1)))
    result = await loti(
        "suppressions", "add", "-", input=f"{ADDRESS.upper()}\n\n{ADDRESS}\r\nother@camden.example\n"
    )
    assert result.stdout == "2 listed, 1 listed already\n"
    rows = [json.loads(line) for line in (await loti("suppressions", "list", "--json")).stdout.splitlines()]
    assert sorted(row["contacts"] for row in rows) == [[], ["contact-1"]]
    assert {row["reason"] for row in rows} == {"by hand"}
    assert "no contact" in (await loti("suppressions", "list")).stdout
    result = await loti("suppressions", "remove", "-", "--json", input=f"{ADDRESS}\nnever@camden.example\n")
    assert json.loads(result.stdout) == {"removed": 1, "not_listed": 1}
    assert await suppression.reason_of(db, ADDRESS, keys=hash_keys("k" * 32)) is None


async def test_a_contact_is_listed_by_its_id(db: Any, loti: Any) -> None:
    """Who is known needs no address; a reason in words may be given and is kept without addresses."""
    await hear(db, stated(contact("contact-1", 1)))
    assert (await loti("suppressions", "add", "contact-1", "--why", f"rang about {ADDRESS}")).exit_code == 0
    assert "rang about <address>" in (await loti("suppressions", "list")).stdout
    assert (await loti("suppressions", "remove", "contact-1")).stdout == "1 removed, 0 not listed\n"


@pytest.mark.parametrize(
    ("input", "complaint"),
    [
        ("", "is empty"),
        (f"{ADDRESS}\nno address\n{ADDRESS}\n@\n", "line 2, 4"),
        (b"\xff\xfe", "not UTF-8"),
        ("Wilhelmina <wilhelmina@featherstone.example>\n", "line 1"),
    ],
)
async def test_what_is_no_address_changes_nothing(
    db: Any, loti: Any, input: str | bytes, complaint: str
) -> None:
    """One bad line refuses them all, by its number and without repeating it."""
    result = await loti("suppressions", "add", "-", input=input)
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert await suppression.listed(db) == []


async def test_a_list_that_lost_its_key_says_so(db: Any, loti: Any) -> None:
    """Entries under a key that is gone are counted, with what to do; without any key nothing is done."""
    await loti("suppressions", "add", "-", input=ADDRESS)
    result = await loti("suppressions", "list", keys="n" * 32)
    assert "1 of these were hashed with a key" in result.stderr
    assert "1 of these" not in (await loti("suppressions", "list", keys=f"{'n' * 32},{'k' * 32}")).stderr
    result = await loti("suppressions", "add", "-", input=ADDRESS, keys="")
    assert (result.exit_code, "LOTI_LINK_KEYS" in result.stderr) == (2, True)


async def test_contacts_by_id(db: Any, loti: Any) -> None:
    """Who there is and how its consent stands, without a name or an address."""
    yes = Consent(given_at=datetime.now(UTC), how="On the portal.")
    await hear(
        db,
        stated(contact("contact-1", 1, NEWS, consent=yes, roles=("HR director",), borough="E09000007")),
        stated(contact("contact-2", 1, ROLES)),
        stated(contact("contact-3", 1)),
    )
    lines = (await loti("contacts")).stdout.splitlines()
    until = (await chosen(db)).renew_by
    assert lines == [
        f"contact-1  HR director  E09000007  confirmed until {until}  newsletter",
        "contact-2  no role  asked  new role",
        "contact-3  no role  nothing stated",
    ]
    [row] = [
        json.loads(line)
        for line in (await loti("contacts", "--consent", "asked", "--json")).stdout.splitlines()
    ]
    assert (row["id"], row["consent"], row["subscriptions"][0]["topic"]) == ("contact-2", "asked", "new role")


async def test_the_staff_proposes(db: Any, loti: Any) -> None:
    """What the staff proposes is asked for by mail, and only where the person did not choose; unsubscribing counts at
    once."""
    await hear(db, stated(contact("contact-1", 1)))
    result = await loti("subscribe", "contact-1", "newsletter", "new role=weekly", "--borough", "E09000007")
    assert result.stdout == "contact-1 is asked by email for: newsletter, new role\n"
    await turn(db)
    assert await questions(db) == [("confirmation", "due")]
    found = await chosen(db)
    assert [(one.topic, one.frequency, one.boroughs) for one in found.subscriptions] == [
        ("newsletter", "at once", ("E09000007",)),
        ("new role", "weekly", ("E09000007",)),
    ]
    assert (await loti("unsubscribe", "contact-1")).exit_code == 0
    assert (await chosen(db)).status == "withdrawn"
    assert (await loti("subscribe", "contact-1", "--role", "hr director")).exit_code == 0
    yes = Consent(given_at=datetime.now(UTC), how="On the portal.")
    await hear(db, stated(contact("contact-1", 2, NEWS, consent=yes)))
    result = await loti("subscribe", "contact-1", "newsletter")
    assert (result.exit_code, "only its own page" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("subscribe", "contact-1"), "topics are new role"),
        (("subscribe", "contact-1", "gossip"), "'gossip' is no topic"),
        (("subscribe", "contact-1", "newsletter=hourly"), "'hourly' is no frequency"),
        (("subscribe", "contact-1", "newsletter", "--borough", "Camden"), "GSS code"),
        (("subscribe", "contact-1", "--role", "mayor"), "'mayor' is no role"),
        (("subscribe", "contact-1", "--role", "supporter"), "hears of its matches"),
        (("subscribe", "nobody", "newsletter"), "there is no contact 'nobody'"),
        (("unsubscribe", "nobody"), "`loti notify contacts` shows"),
        (("suppressions", "add", "nobody"), "there is no contact 'nobody'"),
        (("erase", "nobody", "--yes"), "--unknown"),
        (("erase", "contact-1"), "cannot be undone"),
        (("erase", "loti-sweep-3", "--yes", "--unknown"), "sweeps"),
    ],
)
async def test_bad_input(db: Any, loti: Any, arguments: tuple[str, ...], complaint: str) -> None:
    """Each is refused with what is wrong and what to do, and nothing is changed."""
    await hear(db, stated(contact("contact-1", 1)))
    result = await loti(*arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert await db.fetchval("SELECT count(*) FROM choice") == 0
    assert await db.fetchval("SELECT count(*) FROM outbox") == 0
    assert await db.fetchval("SELECT count(*) FROM contact WHERE erased_at IS NULL") == 1


async def test_erase(db: Any, loti: Any) -> None:
    """The person is gone at once and both topics are told; a second time there is nobody to erase."""
    await hear(db, stated(contact("contact-1", 1, ROLES)))
    assert (await loti("erase", "contact-1", "--yes")).exit_code == 0
    assert await db.fetchval("SELECT email FROM contact WHERE id = 'contact-1'") is None
    rows = await db.fetch("SELECT topic FROM outbox WHERE value IS NULL ORDER BY topic")
    assert [row["topic"] for row in rows] == ["loti.contacts.v1", "loti.subscriptions.v1"]
    assert (await loti("erase", "contact-1", "--yes")).exit_code == 2
    assert (await loti("erase", "never-heard-of", "--yes", "--unknown")).exit_code == 0


async def test_a_database_that_is_not_there(loti: Any, monkeypatch: Any) -> None:
    """The setting that names the database is named."""
    result = await asyncio.to_thread(
        CliRunner().invoke, APP, ["contacts"], env={"LOTI_DATABASE": "postgresql://nobody@127.0.0.1:1/none"}
    )
    assert result.exit_code == 2
    assert "LOTI_DATABASE" in result.stderr
