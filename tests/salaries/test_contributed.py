"""Contributed pay in the database: imported whole or not at all, replaced, withdrawn, announced, and never told."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from loti_contracts.events import Benchmark
from services.salaries.contributed import import_commands, publish, store
from services.salaries.contributed.wording import HELD_BACK
from tests.databases import connected
from tests.salaries.contributing import INNER, LONDON, OUTER, ROLE, World, pounds
from tests.salaries.hearing import a_role, hear_batch, said
from tests.salaries.histories import a_history

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ODD = 51_937_11
"""Pence that no rounded figure is."""


@pytest.fixture
def loti(dsn: str, command: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`loti salaries`, on a database of its own."""
    monkeypatch.setenv("LOTI_DATABASE", dsn)
    return command


@pytest.fixture
def command(tmp_path: Path) -> Any:
    """`loti salaries`; a file's content may stand in for the file."""

    async def run(*words: str, content: str | None = None) -> Result:
        if content is not None:
            (tmp_path / "pay.csv").write_text(content, encoding="utf-8")
            words = (words[0], str(tmp_path / "pay.csv"), *words[1:])
        invoke = CliRunner().invoke
        return await asyncio.to_thread(invoke, import_commands.app, list(words), catch_exceptions=False)

    return run


def a_file(*salaries: object, level: str = "lead") -> str:
    """Posts of data engineers."""
    rows = "".join(f"{number},{ROLE},{level},{salary}\n" for number, salary in enumerate(salaries))
    return f"post,standard_role,level,salary\n{rows}"


async def contribute(db: Any, *boroughs: str, salaries: tuple[float, ...] = (50_000, 51_937.11)) -> None:
    """An upload each, in a transaction each."""
    for gss in boroughs:
        async with db.transaction():
            pay = {(ROLE, "lead"): pounds(*salaries)}
            await publish.contribute(db, gss, pay, as_of=NOW.date(), now=NOW)


async def rows(db: Any, table: str) -> list[dict[str, Any]]:
    """A whole table."""
    return [dict(row) for row in await db.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]


async def cell(db: Any, id_: str) -> Benchmark | None:
    """The newest state that was said of a cell."""
    told = [event.benchmark for event in await said(db) if event.benchmark.id == id_]
    return told[-1] if told else None


async def test_five_imports_publish_and_four_say_nothing(loti: Any, db: Any) -> None:
    """The command prints counts; the event carries the figures, beside the adverts' and never in them."""
    for gss in INNER[:4]:
        done = json.loads(
            (await loti("import", "--borough", gss, "--json", content=a_file(50_000, ODD / 100))).stdout
        )
        assert done["figures"] == {"published": 0, "unchanged": 0, "held_back": 0, "withheld": 0}
    assert await said(db) == []
    done = json.loads(
        (await loti("import", "--borough", "haringey", "--json", content=a_file(50_000, ODD / 100))).stdout
    )
    assert (done["borough"], done["posts"], done["roles"], done["stored"]) == (INNER[4], 2, 1, True)
    assert done["figures"]["published"] == 4
    told = {event.benchmark.id: event.benchmark for event in await said(db)}
    london = told[LONDON.id]
    assert london.contributed is not None
    assert london.contributed.paid is not None
    assert (london.contributed.paid.p50, london.contributed.boroughs, london.contributed.posts) == (
        51_000_00,
        5,
        10,
    )
    assert (london.adverts, london.middle, london.family) == (0, None, "Data")


async def test_one_bad_row_and_nothing_is_stored(loti: Any, db: Any) -> None:
    """What the borough had before stands; the exit code is 2, and standard output is empty."""
    assert (await loti("import", "--borough", INNER[0], content=a_file(50_000))).exit_code == 0
    before = await rows(db, "contributed_pay") + await rows(db, "contributed_uploads")
    for bad in ("x", "nan", "-1", "9", ""):
        refused = await loti("import", "--borough", INNER[0], content=a_file(60_000, 61_000, bad))
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "line 4, column salary" in refused.stderr
        assert await rows(db, "contributed_pay") + await rows(db, "contributed_uploads") == before


async def test_a_check_stores_nothing(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not reach for the database at all, and tells how names were read."""
    monkeypatch.setenv("LOTI_DATABASE", "postgresql://nobody@127.0.0.1:1/nowhere")
    checked = await command(
        "import", "--borough", INNER[0], "--check", content=a_file(50_000).replace(ROLE, "data engineers")
    )
    assert checked.exit_code == 0
    assert "data engineers is read as Data engineer" in checked.stdout
    unreachable = await command("import", "--borough", INNER[0], content=a_file(50_000))
    assert (unreachable.exit_code, unreachable.stdout) == (1, "")
    assert "database cannot be reached" in unreachable.stderr


async def test_a_borough_that_contributed_nothing_cannot_withdraw(loti: Any) -> None:
    """It is told so."""
    told = await loti("withdraw", "--borough", INNER[0])
    assert told.exit_code == 1
    assert "has contributed nothing" in told.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["import"], "give the CSV file"),
        (["import", "nowhere.csv", "--borough", INNER[0]], "cannot be read: No such file"),
        (["import", "nowhere.csv"], "--borough"),
        (["import", "nowhere.csv", "--borough", "Kent"], "'Kent' is no London authority"),
        (["import", "x.csv", "--borough", INNER[0], "--as-of", "1.4.2026"], "YYYY-MM-DD is expected"),
        (["import", "x.csv", "--borough", INNER[0], "--as-of", "2999-01-01"], "in the future"),
        (["import", "x.csv", "--borough", INNER[0], "--year", "1999"], "too long ago"),
        (["import", "x.csv", "--borough", INNER[0], "--year", "0"], "is no day"),
        (["import", "x.csv", "--borough", INNER[0], "--year", "2026", "--as-of", "2026-04-01"], "not both"),
        (["withdraw"], "--borough"),
    ],
)
async def test_a_wrong_command_is_told_what_to_do(command: Any, words: list[str], expected: str) -> None:
    """In one line, without a traceback."""
    told = await command(*words)
    assert told.exit_code == 2
    assert expected in told.stderr
    assert told.stderr.count("\n") == 1


async def test_a_round_of_held_imports_is_published_at_once(loti: Any, db: Any) -> None:
    """Ten boroughs in one release make one figure; published one by one they make one of five, and another of ten."""
    for gss in INNER[:10]:
        held = await loti("import", "--borough", gss, "--hold", "--json", content=a_file(50_000, 60_000))
        assert (held.exit_code, json.loads(held.stdout)["figures"]) == (0, None)
    assert await said(db) == []
    released = await loti("release", "--json")
    assert json.loads(released.stdout)["figures"]["published"] == 4
    assert [figure.pay.boroughs for figure in await store.ledger(db) if figure.cell == LONDON] == [10]
    assert json.loads((await loti("release", "--json")).stdout)["figures"]["unchanged"] == 4


async def test_an_upload_replaces_the_one_before_and_keeps_the_version_of_what_stayed(db: Any) -> None:
    """A version is new where the pay is, and only there."""
    old = {
        (ROLE, "lead"): pounds(50_000),
        (ROLE, "senior"): pounds(40_000),
        ("Data analyst", ""): pounds(30_000),
    }
    new = {
        (ROLE, "lead"): pounds(50_000),
        (ROLE, "senior"): pounds(41_000),
        ("Data analyst", "lead"): pounds(30_000),
    }
    for pay in (old, new):
        before = {(one.standard_role, one.level): one.version for one in await store.contributions(db)}
        async with db.transaction():
            await publish.contribute(db, INNER[0], pay, as_of=NOW.date(), now=NOW)
    after = {(one.standard_role, one.level): one for one in await store.contributions(db)}
    assert {slot: one.pay for slot, one in after.items()} == new
    assert after[ROLE, "lead"].version == before[ROLE, "lead"]
    assert after[ROLE, "senior"].version > max(before.values())
    assert (await rows(db, "contributed_uploads"))[0]["posts"] == 3


async def test_a_failure_on_the_way_leaves_nothing_half_done(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contribution, ledger and event are one transaction: a crash before its end undoes them all."""
    await contribute(db, *INNER[:4])

    async def crash(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(publish, "put_contributed", crash)
    with pytest.raises(ConnectionError):
        await contribute(db, INNER[4])
    assert len(await store.contributions(db)) == 4
    assert await store.ledger(db) == []
    monkeypatch.undo()
    await contribute(db, INNER[4])
    assert len(await store.ledger(db)) == 4


async def test_imports_at_the_same_time_wait_for_each_other(dsn: str, db: Any) -> None:
    """Ten boroughs at once: one publication of five, and one of ten, as if they had come one after another."""

    async def one(gss: str) -> None:
        async with connected(dsn) as connection:
            await contribute(connection, gss)

    await asyncio.gather(*(one(gss) for gss in INNER[:10]))
    figures = [figure for figure in await store.ledger(db) if figure.cell == LONDON]
    assert [figure.pay.boroughs for figure in figures] == [5, 10]


async def test_a_role_event_carries_the_contributed_figures_over(db: Any) -> None:
    """And an import leaves the adverts' figures as they are."""
    await hear_batch(db, [a_role()])
    before = await cell(db, LONDON.id)
    await contribute(db, *INNER[:5])
    both = await cell(db, LONDON.id)
    await hear_batch(db, [a_role(id="role-2", pay=(70_000_00, 80_000_00))])
    after = await cell(db, LONDON.id)
    assert before is not None
    assert both is not None
    assert after is not None
    assert both.model_copy(update={"contributed": None, "revision": before.revision}) == before
    assert both.contributed is not None
    assert (after.adverts, after.contributed) == (2, both.contributed)


async def test_withdrawals_hold_figures_back_and_then_take_them_down(db: Any) -> None:
    """The event says so; the ledger keeps what is known; what was withdrawn is gone from the database."""
    await contribute(db, *INNER[:10])
    for left in range(9, 3, -1):
        async with db.transaction():
            done = await publish.withdraw(db, INNER[left], now=NOW)
        assert done is not None
        shown = await cell(db, LONDON.id)
        assert shown is not None
        if left > 5:
            assert done == (2, publish.Outcome(published=0, unchanged=0, held_back=4, withheld=0))
            assert shown.contributed is not None
            assert (shown.contributed.boroughs, shown.contributed.held_back) == (10, HELD_BACK)
        elif left == 5:  # The figures of the first five, which were published once, are true again.
            assert shown.contributed is not None
            assert (shown.contributed.boroughs, shown.contributed.held_back) == (5, None)
    assert shown.contributed is None
    assert {row["authority"] for row in await rows(db, "contributed_pay")} == set(INNER[:4])
    assert len(await store.ledger(db)) == 12


async def test_nothing_contributed_is_anywhere_but_in_its_table(
    dsn: str, loti: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """No unrounded amount and no reference in events, other tables, logs or output, after imports good and bad."""
    caplog.set_level("DEBUG")
    outputs = []

    async def imports() -> AsyncIterator[Result]:
        for gss in [*INNER[:6], *OUTER[:2]]:
            yield await loti("import", "--borough", gss, content=a_file(ODD / 100, 51_937.11, 60_123.45))
        yield await loti("import", "--borough", INNER[0], "--json", content=a_file(ODD / 100, 60_123.46))
        yield await loti("withdraw", "--borough", INNER[1])

    async for done in imports():
        assert done.exit_code == 0
        outputs.append(done.output)
    async with connected(dsn) as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in {row["tablename"] for row in tables} - {"contributed_pay"}:
            outputs += [str(dict(row)) for row in await connection.fetch(f'SELECT * FROM "{table}"')]
        assert "5193711" in str(await rows(connection, "contributed_pay"))
        assert await connection.fetchval("SELECT count(*) FROM outbox") > 0
        assert await connection.fetchval("SELECT count(*) FROM contributed_ledger") > 0
    outputs += [caplog.text, *capfd.readouterr()]
    for secret in ("5193711", "51937.11", "51,937", "60123", "6012345", "60,123"):
        assert [output for output in outputs if secret in output] == []


@pytest.mark.parametrize("seed", range(2))
async def test_the_database_publishes_what_the_rules_decide(db: Any, seed: int) -> None:
    """A random history, step by step: the ledger is that of the pure decision, and cells show what it says."""
    world = a_history(Random(seed), rounds=0)
    for _, gss in sorted(world.pay):
        pay = {
            (ROLE, level): amounts
            for (level, authority), (_, amounts) in world.pay.items()
            if authority == gss
        }
        async with db.transaction():
            await publish.contribute(db, gss, pay, as_of=date(2026, 4, 1), now=NOW)
    stepwise = World(now=NOW)
    for _, gss in sorted(world.pay):
        stepwise.upload(gss, {level: pay for (level, one), (_, pay) in world.pay.items() if one == gss})
    kept = [(f.cell, f.pay.paid, len(f.parts)) for f in await store.ledger(db)]
    assert kept == [(f.cell, f.pay.paid, len(f.parts)) for f in stepwise.ledger]
    for one, decision in stepwise.decisions.items():
        shown = await cell(db, one.id)
        assert (shown and shown.contributed and shown.contributed.paid) == (
            decision.shows and decision.shows.paid
        )


async def test_the_tables_are_closed_to_others(db: Any) -> None:
    """A role that was granted nothing can read nothing of it."""
    name = f"curious_{Random().getrandbits(40)}"
    await db.execute(f"CREATE ROLE {name}")
    await db.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
    try:
        for table in ("contributed_uploads", "contributed_pay", "contributed_ledger", "contributed_shown"):
            async with db.transaction():
                await db.execute(f"SET LOCAL ROLE {name}")
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with db.transaction():
                        await db.fetch(f"SELECT * FROM {table}")
    finally:
        await db.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
