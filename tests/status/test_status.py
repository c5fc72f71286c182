"""One screen with the whole path: what needs somebody is on it, whatever a service's page says."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from deploy.local.settings import SERVICES
from deploy.status import reading
from deploy.status.commands import app
from deploy.status.screen import line_of, screen

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def shown(said: dict[str, dict[str, Any]], width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width).print(screen([line_of(name, one) for name, one in said.items()], NOW))
    return out.getvalue()


def well(**more: Any) -> dict[str, Any]:
    return {
        "healthy": True,
        "state": "running",
        "database": "answers",
        "outbox": {"depth": 0, "oldest_seconds": 0.0},
    } | more


def test_what_runs_well_is_one_line_with_its_figures() -> None:
    """Figures in words, without those that are nothing."""
    page = shown({"ingest": well(ingest={"sources": 10, "failing": 0, "open_roles": 1_037})})
    assert "1 of 1 are well" in page
    assert "10 sources · 1,037 open roles" in page
    assert "failing" not in page


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (well(healthy=False, consumer={"state": "stopped by its breaker", "breaker": "20 messages in a row", "lag": 4}), "20 messages in a row"),
        (well(outbox={"depth": 7, "oldest_seconds": 300.0}, relay={"trouble": "KafkaConnectionError"}), "KafkaConnectionError"),
        (well(consumer={"state": "consuming", "trouble": "roles[3] was held 9 times", "lag": 1}), "held 9 times"),
        ({"healthy": False, "database": "ConnectionRefusedError: no", "consumer": {"state": "consuming"}}, "ConnectionRefusedError"),
        ({"unreached": "http://x/health does not answer (ConnectError)"}, "does not answer"),
        ({"healthy": False, "state": "starting"}, "starting"),
    ],
)  # fmt: skip
def test_what_is_not_well_says_why(said: dict[str, Any], word: str) -> None:
    """Below the table, in whole words, whatever the width of the terminal."""
    assert not line_of("notify", said).well
    for width in (60, 100, 200):
        page = " ".join(shown({"notify": said}, width).split())
        assert word in page
        assert "0 of 1 are well" in page


_VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
_PAGES = st.dictionaries(
    st.sampled_from(["healthy", "state", "dead_letters_of", "notify"]) | st.text(max_size=8),
    st.dictionaries(st.text(max_size=10), _VALUES, max_size=3),
    max_size=4,
)


@given(said=_PAGES)
def test_a_page_of_another_version_breaks_nothing(said: dict[str, Any]) -> None:
    """What is not known is passed over; what is missing is not well."""
    said.pop("consumer", None)
    said.pop("outbox", None)
    said.pop("relay", None)
    assert "notify" in shown({"notify": said})


def test_addresses_are_told_by_service() -> None:
    """In the order of the path; a host alone means its health page."""
    found = reading.named(["notify=http://n:8080", "ingest=https://i/some/page"])
    assert found == {"ingest": "https://i/some/page", "notify": "http://n:8080/health"}


@pytest.mark.parametrize("wrong", ["notify", "nobody=http://x", "notify=x:80", "=http://x"])
def test_an_address_that_is_none_is_told(wrong: str) -> None:
    """With the form that it should have, and status 2."""
    done = CliRunner().invoke(app, ["--at", wrong])
    assert done.exit_code == 2
    assert "say it like notify=http://notify:8080" in done.stderr


def test_a_folder_where_nothing_ran_is_told(tmp_path: Path) -> None:
    """With what to give instead, and status 2."""
    done = CliRunner().invoke(app, ["--data", str(tmp_path)])
    assert done.exit_code == 2
    assert "give it with --data" in done.stderr


def test_services_that_are_gone_are_silent(tmp_path: Path) -> None:
    """A folder that is there and a system that is not: each is named, and the status is 1."""
    for name in SERVICES:
        (tmp_path / f"{name}-port").write_text("9")
    done = CliRunner().invoke(app, ["--data", str(tmp_path)])
    assert done.exit_code == 1
    assert f"0 of {len(SERVICES)} are well" in done.stdout
