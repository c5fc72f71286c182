"""`loti matching demand`: words that can be forwarded, JSON for scripts, and clear errors."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from services.matching.demand.commands import app
from tests.matching.demand_world import BARNET, CAMDEN, HACKNEY, World, a_role
from tests.matching.hearing import connected

NOW = datetime.now(UTC)
runner = CliRunner()


async def demand(dsn: str, *arguments: str, **settings: str) -> Any:
    """What the command prints."""
    env = {"LOTI_DATABASE": dsn, **settings}
    return await asyncio.to_thread(runner.invoke, app, list(arguments), env=env)


@pytest.fixture
async def heard(dsn: str) -> str:
    """Three boroughs look for an enterprise architect, one of them again; Camden for a data journalist."""
    async with connected(dsn) as db:
        world = World(db, now=NOW)
        for gss in (CAMDEN, HACKNEY, BARNET):
            again = "earlier" if gss == BARNET else None
            role = a_role(gss, id=gss, standard_role="Enterprise architect", readvertises=again, found_at=NOW)
            await world.hear(role)
        await world.hear(a_role(id="new", standard_role=None, title="Data Journalist", found_at=NOW))
    return dsn


async def test_what_is_shared_novel_and_hard_is_told_in_words(heard: str) -> None:
    """Who, what they could do, the adverts with their links; the novel role with why; the hard one with why."""
    said = await demand(heard)
    assert said.exit_code == 0, said.output
    for line in (
        "  Barnet, Camden and Hackney look for an enterprise architect: 3 adverts (3 open).",
        "  Suggested: a pay review. Barnet had to advertise again: compare pay before the next advert.",
        "    Enterprise architect · Barnet · open, advertised again · https://camden.example/1",
        "    No standard role and no role found before has a 'journalist' in its title.",
        "    It is advertised again: the same advert was there before, and closed.",
    ):
        assert line in said.output.splitlines()


async def test_json_lines_are_the_states(heard: str) -> None:
    """One object a line, named by what it is."""
    lines = [json.loads(line) for line in (await demand(heard, "--json")).output.splitlines()]
    assert [next(iter(line)) for line in lines] == ["shared", "novel", "hard"]
    assert lines[0]["shared"]["borough_count"] == 3


async def test_where_nothing_is_shared_it_says_what_comes_nearest(dsn: str) -> None:
    """With two boroughs: how many it takes, and which standard role most boroughs look for."""
    empty = (await demand(dsn)).output
    assert "No standard role is looked for by 3 boroughs within 90 days." in empty
    assert "No advert with a standard role has been heard of yet." in empty
    async with connected(dsn) as db:
        await World(db, now=NOW).hear(*(a_role(gss, id=gss, found_at=NOW) for gss in (CAMDEN, HACKNEY)))
    assert "The most boroughs look for: Data engineer (2)." in (await demand(dsn)).output


async def test_old_novel_roles_are_not_shown(dsn: str) -> None:
    """Ninety days, or as many as are asked for."""
    async with connected(dsn) as db:
        found = NOW - timedelta(days=100)
        role = a_role(standard_role=None, title="Data Journalist", found_at=found)
        await World(db, now=found).hear(role)
    assert "Data Journalist" not in (await demand(dsn)).output
    assert "Data Journalist" in (await demand(dsn, "--days", "200")).output


async def test_errors_say_what_to_do(dsn: str, postgres: Any) -> None:
    """No server, a database without tables, an impossible setting: one line each, and no stack."""
    gone = await demand("postgresql://postgres@127.0.0.1:1/none")
    assert (gone.exit_code, gone.stderr.count("\n")) == (1, 1)
    assert "does not answer" in gone.stderr
    bare = await demand(await postgres.create_database())
    assert bare.exit_code == 1
    assert "has not all of matching's tables" in bare.stderr
    wrong = await demand(dsn, LOTI_DEMAND_BOROUGHS="1")
    assert wrong.exit_code == 1
    assert "LOTI_DEMAND_BOROUGHS" in wrong.stderr
    assert (await demand(dsn, "--days", "0")).exit_code == 2
