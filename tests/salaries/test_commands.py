"""`loti salaries benchmark` and `pack`, as a person types them, on a real database."""

import asyncio
import functools
import json
import os
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Benchmark, Pay
from services.salaries import store
from services.salaries.commands import app
from tests.salaries.hearing import BARNET, CAMDEN, HACKNEY, a_role, hear_batch

Loti = Callable[..., Awaitable[Result]]


NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


async def typed(*words: str, database: str) -> Result:
    """`loti salaries …` with that database."""
    env = {"LOTI_DATABASE": database, "COLUMNS": "200"}
    return await asyncio.to_thread(CliRunner().invoke, app, list(words), env=env)


@pytest.fixture
def loti(dsn: str) -> Loti:
    """The same with this test's database."""
    return functools.partial(typed, database=dsn)


@pytest.fixture
async def offers(db: Connection) -> None:
    """Three boroughs look for data engineers, one of them by the day."""
    contract = Pay(text="£500 - £600 per day", minimum=500_00, maximum=600_00, period="day")
    await hear_batch(
        db,
        [
            a_role(id="r1", pay=(50_000_00, 60_000_00)),
            a_role(id="r2", pay=(56_000_00, 64_000_00), authorities=(BARNET,), posted_on=date(2026, 9, 1)),
            a_role(id="r3", pay=(62_000_00, 70_000_00), authorities=(HACKNEY,), level="senior"),
            a_role(id="r4", pay=contract, authorities=(CAMDEN,)),
        ],
    )


@pytest.mark.usefixtures("offers")
async def test_a_benchmark_is_told_in_words(loti: Loti) -> None:
    """Figures, adverts, boroughs, freshness, confidence, trend, and why contributed pay is not there."""
    said = await loti("benchmark", "Data engineer")
    assert said.exit_code == 0
    for words in (
        "Data engineer, all levels, all London",
        "From 3 adverts of 3 boroughs, the newest of 1 November 2026",
        "Confidence: low",
        "Trend: too few offers",
        "Contributed pay: not shown. Contributed pay is published from at least five boroughs",
    ):
        assert words in said.stdout
    assert said.stderr == ""


@pytest.mark.usefixtures("offers")
async def test_json_is_the_whole_cell(loti: Loti, db: Connection) -> None:
    """One line, one object: exactly the benchmark that is on the topic."""
    said = await loti("benchmark", "data enginer", "--level", "lead", "--area", "inner", "--json")
    kept = await store.load_benchmark(db, "data-engineer.lead.inner")
    assert kept is not None
    assert Benchmark.model_validate_json(said.stdout) == kept
    assert json.loads(said.stdout)["adverts"] == 1


@pytest.mark.usefixtures("offers")
async def test_it_is_asked_for_as_people_speak(loti: Loti) -> None:
    """A level in the name, another word for a level or an area, and day rates."""
    for words, told in (
        (["senior data engineer"], "Data engineer, senior, all London"),
        (["Data Engr", "--level", "Snr"], "'Data Engr' is read as Data engineer"),
        (["data engineers", "--area", "Outer London"], "Data engineer, all levels, outer London"),
        (["Data engineer", "--day"], "£500 to £600 a day"),
    ):
        said = await loti("benchmark", *words)
        assert said.exit_code == 0, said.stderr
        assert told in said.stdout


@pytest.mark.usefixtures("offers")
async def test_what_cannot_be_answered_says_what_can(loti: Loti) -> None:
    """Exit code 1, nothing on standard output, and what there is to choose from."""
    for words, told in (
        (["landscape architect"], "'landscape architect' is not a standard role; the nearest: "),
        (["architect"], "Solution architect or Technical architect: say which"),
        (["Data engineer", "--level", "boss"], "'boss' is not a level; there are all, trainee, associate, "),
        (["Data engineer", "--area", "Kent"], "'Kent' is not an area; there are inner, outer, london"),
        (["Data engineer", "--area", "Camden"], "it is in inner London: say --area inner"),
        (["senior data engineer", "--level", "lead"], "says level senior, --level says lead"),
        ([""], "a role's name is needed"),
        (["Data engineer", "--level", "head"], "no figures yet for Data engineer, head, all London"),
        (["Data engineer", "--level", "head"], "Data engineer, all levels, all London: 3 adverts"),
        (["Data scientist"], "Data engineer, all levels, all London: 3 adverts"),
        (["Service designer"], "nor for any role near it"),
    ):
        said = await loti("benchmark", *words)
        assert (said.exit_code, said.stdout) == (1, "")
        assert said.stderr.startswith("loti salaries benchmark: ")
        assert told in said.stderr


async def test_a_database_that_is_not_there_says_how_to_reach_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting and the command that sets it; no file, no stack."""
    monkeypatch.chdir(tmp_path)
    for words in (["benchmark", "Data engineer"], ["pack", "EA", "--out", "x.html"], ["export", "--csv"]):
        said = await typed(*words, database=NOWHERE)
        assert said.exit_code == 1
        assert "LOTI_DATABASE" in said.stderr
        assert 'eval "$(loti env salaries)"' in said.stderr
        assert not os.listdir(tmp_path)


async def test_another_services_database_is_refused(postgres: Any) -> None:
    """A database without salaries' tables is not an error of ours, and is said so."""
    said = await typed("benchmark", "Data engineer", database=await postgres.create_database())
    assert said.exit_code == 1
    assert "not one that this version of salaries keeps" in said.stderr


@pytest.mark.usefixtures("offers")
async def test_a_pack_is_written_whole(loti: Loti, tmp_path: Path) -> None:
    """One file with the role's figures and its latest offers, in the place of an older one."""
    file = tmp_path / "page.html"
    file.write_text("older")
    said = await loti("pack", "data enginer", "--out", str(file))
    assert said.exit_code == 0, said.stderr
    assert "'data enginer' is read as Data engineer" in said.stdout
    html = file.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert html.count("https://camden.example/1") == 4
    said = await loti("pack", "head data engineer", "--out", str(file))
    assert said.exit_code == 0, said.stderr
    assert "this role at level head yet" in file.read_text(encoding="utf-8")
    assert file.read_text(encoding="utf-8").count("https://camden.example/1") == 4
    assert "£500 to £600 a day" in html
    assert os.listdir(tmp_path) == ["page.html"]


@pytest.mark.usefixtures("offers")
async def test_a_pack_that_cannot_be_written_leaves_all_as_it_was(loti: Loti, tmp_path: Path) -> None:
    """A folder, a missing folder, an unknown role and a role without figures are refused, and nothing is written."""
    for words, told in (
        (["Data engineer", "--out", str(tmp_path)], "is a folder"),
        (["Data engineer", "--out", str(tmp_path / "no" / "page.html")], "there is no folder"),
        (["Data engineer", "--out", "/dev/full"], "is not a file that can be replaced"),
        (["landscape architect", "--out", str(tmp_path / "a.html")], "is not a standard role"),
        (
            ["Data scientist", "--out", str(tmp_path / "a.html")],
            "Roles near it that have figures: Data engineer",
        ),
    ):
        said = await loti("pack", *words)
        assert said.exit_code == 1
        assert told in said.stderr
    assert not os.listdir(tmp_path)


@pytest.mark.usefixtures("offers")
async def test_a_pack_can_be_opened(loti: Loti, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--open` starts the browser on the file; where there is none, it says where the file is."""
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: bool(shown.append(address)))
    file = tmp_path / "the page.html"
    said = await loti("pack", "Data engineer", "--out", str(file), "--open")
    assert said.exit_code == 0
    assert shown == [file.as_uri()]
    assert f"open {file} in one" in said.stderr


async def test_every_standard_role_is_listed() -> None:
    """`loti salaries roles` needs no database."""
    said = await typed("roles", database=NOWHERE)
    assert said.exit_code == 0
    assert "Architecture\n  Business architect\n" in said.stdout
