"""`loti matching …`, as a person and as a script use it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.matching.commands import app
from services.matching.fit import PARTS
from tests.matching.hearing import a_benchmark, accepts, hear, said
from tests.matching.making import CAMDEN, NOON, a_request, a_role, a_supporter


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A request and three supporters in files."""
    (tmp_path / "request.json").write_text(a_request().model_dump_json())
    lines = [
        a_supporter().model_dump_json(),
        "",
        json.dumps({**a_supporter(id="busy").model_dump(mode="json"), "load": 1}),
        a_supporter(id="barred", not_for=(CAMDEN,)).model_dump_json(),
    ]
    (tmp_path / "supporters.jsonl").write_text("\n".join(lines))
    return tmp_path


def run(*arguments: str, **more: Any) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False, **more)


def rank(files: Path, *more: str) -> Result:
    return run(
        "shortlist",
        str(files / "request.json"),
        "--supporters",
        str(files / "supporters.jsonl"),
        "--today",
        "2026-11-02",
        *more,
    )


def test_a_shortlist_from_files_needs_no_server(files: Path) -> None:
    """Two files give the ranking with its reasons and everyone left out, as one line of JSON."""
    result = rank(files, "--json")
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    found = json.loads(line)
    assert [one["supporter_id"] for one in found["candidates"]] == ["supporter-1", "busy"]
    assert (
        found["candidates"][0]["reasons"][0]["sentence"]
        == "Data engineer is one of the roles they know best."
    )
    assert found["left_out"] == [{"supporter_id": "barred", "why": "Cannot or will not serve Camden."}]


def test_a_shortlist_reads_well(files: Path) -> None:
    """Without --json a person reads places, scores, sentences and who is not proposed."""
    text = rank(files).stdout
    assert text.startswith("1. supporter-1  0.93\n")
    assert "Is helping with 1 request and takes 2 at a time." in text
    assert "Not proposed:\n   barred  Cannot or will not serve Camden." in text


def test_a_request_may_come_from_stdin(files: Path) -> None:
    """A dash reads stdin, so that commands can be chained."""
    result = run(
        "shortlist",
        "-",
        "--supporters",
        str(files / "supporters.jsonl"),
        "--json",
        input=a_request(need_by=None).model_dump_json(),
    )
    assert json.loads(result.stdout)["request_id"] == "request-1"


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("request.json", "", "request.json is empty"),
        ("request.json", "{", "request.json is not JSON"),
        (
            "request.json",
            '{"id": "request-1"}',
            "request.json, field `revision`: Field required (and 4 more)",
        ),
        ("supporters.jsonl", "\nhello", "supporters.jsonl, line 2 is not JSON"),
        (
            "supporters.jsonl",
            a_supporter().model_dump_json()
            + '\n{"id": "x", "revision": 1, "contact_id": "c", "kind": "friend"}',
            "supporters.jsonl, line 2, field `kind`",
        ),
        (
            "supporters.jsonl",
            f"{a_supporter().model_dump_json()}\n{a_supporter().model_dump_json()}",
            "line 2: supporter supporter-1 is on line 1 already",
        ),
    ],
)
def test_a_bad_file_is_refused_with_the_place(files: Path, name: str, text: str, complaint: str) -> None:
    """What is wrong, in which file and line, and what to do; exit code 1 and nothing on stdout."""
    (files / name).write_text(text)
    result = rank(files, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert complaint in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_missing_or_unreadable_file_is_named(files: Path) -> None:
    """A path that is not there, or text that is no UTF-8, is said in one line."""
    (files / "supporters.jsonl").write_bytes(b"\xff\xfe")
    assert "byte 0: is not UTF-8" in rank(files).stderr
    (files / "supporters.jsonl").unlink()
    assert "cannot be read: No such file or directory" in rank(files).stderr


async def test_requests_are_shown_with_how_far_they_are(
    db: Any, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request under way is one line: its stage, who is proposed or accepted, and why it has nobody, as it is now."""
    monkeypatch.setenv("LOTI_DATABASE", dsn)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    await hear(db, a_supporter(), a_request(), a_request(id="request-2", kind="mentor", need_by=tomorrow))
    await hear(db, a_supporter(id="mentor-1", kind="mentor", own_borough=CAMDEN))
    await hear(db, a_request(id="request-3", kind="university", need_by=None))
    await hear(db, a_request(id="request-4"), a_request(id="request-4", revision=2, status="withdrawn"))
    await hear(db, a_request(id="request-5"), accepts("request-5", "supporter-1"))
    lines = (await asyncio.to_thread(run, "requests", "--json")).stdout.splitlines()
    shown = {row["request_id"]: row for row in map(json.loads, lines)}
    assert {name: (row["stage"], row["shortlist"], row["accepted"]) for name, row in shown.items()} == {
        "request-1": ("proposed", ["supporter-1"], None),
        "request-2": ("open", [], None),
        "request-3": ("open", [], None),
        "request-5": ("accepted", ["supporter-1"], "supporter-1"),
    }
    assert shown["request-2"]["why_nobody"][0]["why"].startswith("Works for Camden itself")
    text = (await asyncio.to_thread(run, "requests")).stdout
    assert (
        "request-1  Camden: a recruiter for Data engineer, needed by 30 November 2026  proposed: supporter-1"
        in text
    )
    assert (
        "request-5  Camden: a recruiter for Data engineer, needed by 30 November 2026  accepted with" in text
    )
    everything = (await asyncio.to_thread(run, "requests", "--all")).stdout
    assert "withdrawn. The borough withdrew its request." in everything
    only = (await asyncio.to_thread(run, "requests", "--stage", "withdrawn", "--json")).stdout
    assert [json.loads(line)["request_id"] for line in only.splitlines()] == ["request-4"]


def test_a_stage_that_is_none_is_refused() -> None:
    """The stages that there are are named."""
    result = run("requests", "--stage", "lost")
    assert result.exit_code == 2
    assert "there is no stage 'lost'; there are open, proposed" in result.stderr


async def test_a_shortlist_from_the_database_brings_its_pack(
    db: Any, dsn: str, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a file of supporters those of the service are ranked, and nothing is proposed to anybody."""
    monkeypatch.setenv("LOTI_DATABASE", dsn)
    await hear(db, a_supporter(stated_at=NOON), a_benchmark(level="all", area="london"), a_role())
    rank = ("shortlist", str(files / "request.json"), "--today", "2026-11-02")
    found = json.loads((await asyncio.to_thread(run, *rank, "--json")).stdout)
    assert [one["supporter_id"] for one in found["candidates"]] == ["supporter-1"]
    assert found["benchmark"]["p50"] == 50_000_00
    assert [one["role_id"] for one in found["similar_roles"]] == ["role-1"]
    text = (await asyncio.to_thread(run, *rank)).stdout
    assert "Benchmark: Data engineer, all, london: £45,000 to £55,000 a year, middle £50,000" in text
    assert "Data Engineer · Camden · £52,000" in text
    assert await said(db) == []


def test_all_tells_of_everyone_who_is_left_out(files: Path) -> None:
    """The nearest fifty by default, with the counts of all; with --all each one of them."""
    crowd = [a_supporter(id=f"mentor-{number}", kind="mentor").model_dump_json() for number in range(80)]
    (files / "supporters.jsonl").write_text("\n".join(crowd))
    near, every = (json.loads(rank(files, "--json", *more).stdout) for more in ((), ("--all",)))
    assert (len(near["left_out"]), len(every["left_out"])) == (50, 80)
    assert near["left_out_counts"] == [{"why": "listed for another kind of help", "supporters": 80}]
    assert "… and 30 more (--all tells of each)" in rank(files).stdout


async def test_metrics_tell_what_is_open_and_withhold_small_numbers(
    db: Any, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six requests, five of them proposed to at once: the median is none, one is open, which is too few to tell."""
    monkeypatch.setenv("LOTI_DATABASE", dsn)
    assert "Nobody has asked" in (await asyncio.to_thread(run, "metrics")).stdout
    await hear(db, a_supporter(capacity=9), *(a_request(id=f"request-{number}") for number in range(5)))
    await hear(db, a_request(id="request-9", kind="mentor"))
    lines = (await asyncio.to_thread(run, "metrics", "--json")).stdout.splitlines()
    cells = {(row["kind"], row["borough_name"]): row for row in map(json.loads, lines)}
    assert cells["all", "London"]["waits"]["proposal"] == {"days": 0.0, "there": 5, "still_open": None}
    assert cells["mentor", "Camden"]["requests"] is None
    text = (await asyncio.to_thread(run, "metrics")).stdout
    assert "London, all" in text
    assert "0 (<5 open)" in text


async def test_a_database_without_tables_is_said(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the service ever ran, the command says what to do."""
    monkeypatch.setenv("LOTI_DATABASE", await postgres.create_database())
    result = await asyncio.to_thread(run, "requests")
    assert result.exit_code == 1
    assert "start this version of the matching service once" in result.stderr


def test_a_database_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """No stack trace, and no password, when the database is away."""
    monkeypatch.setenv("LOTI_DATABASE", "postgresql://postgres:secret@127.0.0.1:1/postgres")
    result = run("requests")
    assert result.exit_code == 1
    assert "does not answer" in result.stderr
    assert "secret" not in result.stderr


def test_weights_that_rank_nobody_are_refused(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are checked before they are used."""
    for part in (part.replace(" ", "_").upper() for part in PARTS):
        monkeypatch.setenv(f"LOTI_WEIGHT_{part}", "0")
    result = rank(files)
    assert result.exit_code == 1
    assert "set at least one above 0" in result.stderr
