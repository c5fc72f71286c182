"""`loti matching …`, as a person and as a script use it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.matching.commands import app
from tests.matching.hearing import hear
from tests.matching.making import CAMDEN, a_request, a_supporter


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
    assert text.startswith("1. supporter-1  1.00\n")
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


async def test_open_requests_are_shown_with_why_they_wait(
    db: Any, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each open request is one line: its state, how many are proposed, and the reasons of those who cannot."""
    monkeypatch.setenv("LOTI_DATABASE", dsn)
    await hear(db, a_supporter(), a_request(), a_request(id="request-2", kind="mentor"))
    await hear(db, a_supporter(id="mentor-1", kind="mentor", own_borough=CAMDEN))
    await hear(
        db, a_request(id="request-3", kind="university"), a_request(id="request-4", status="withdrawn")
    )
    lines = (await asyncio.to_thread(run, "requests", "--json")).stdout.splitlines()
    shown = {row["request_id"]: row for row in map(json.loads, lines)}
    assert {name: (row["state"], row["shortlist"]) for name, row in shown.items()} == {
        "request-1": ("proposed", 1),
        "request-2": ("waiting", 0),
        "request-3": ("waiting", 0),
    }
    assert shown["request-2"]["why_nobody"][0]["why"].startswith("Works for Camden itself")
    text = (await asyncio.to_thread(run, "requests")).stdout
    assert (
        "request-1  Camden: a recruiter for Data engineer, needed by 30 November 2026  proposed, 1 on" in text
    )
    assert "Nobody is listed as a university yet." in text


async def test_a_database_without_tables_is_said(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the service ever ran, the command says what to do."""
    monkeypatch.setenv("LOTI_DATABASE", await postgres.create_database())
    result = await asyncio.to_thread(run, "requests")
    assert result.exit_code == 1
    assert "start the matching service once" in result.stderr


def test_a_database_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """No stack trace, and no password, when the database is away."""
    monkeypatch.setenv("LOTI_DATABASE", "postgresql://postgres:secret@127.0.0.1:1/postgres")
    result = run("requests")
    assert result.exit_code == 1
    assert "does not answer" in result.stderr
    assert "secret" not in result.stderr


def test_weights_that_rank_nobody_are_refused(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are checked before they are used."""
    for part in ("ROLE_FIT", "SKILL_OVERLAP", "AVAILABILITY", "LOAD_BALANCE"):
        monkeypatch.setenv(f"LOTI_WEIGHT_{part}", "0")
    result = rank(files)
    assert result.exit_code == 1
    assert "set at least one above 0" in result.stderr
