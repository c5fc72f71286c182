"""`loti library …`, as a person and as a script use it, on a real database."""

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from services.library.commands import app
from services.library.markdown_file import TEMPLATE, FileRefused, read_item_file
from tests.library.hearing import Library
from tests.library.making import HACKNEY, a_role


@pytest.fixture
def shell(dsn: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command on the library's database."""
    monkeypatch.setenv("LOTI_DATABASE", dsn)

    def run(*arguments: str, **more: Any) -> Result:
        return CliRunner().invoke(app, list(arguments), catch_exceptions=False, **more)

    return run


def _outbox(dsn: str) -> int:
    async def count() -> int:
        connection = await asyncpg.connect(dsn)
        try:
            return int(await connection.fetchval("SELECT count(*) FROM outbox"))
        finally:
            await connection.close()

    return asyncio.run(count())


def _waiting(shell: Any) -> str:
    (line,) = shell("drafts", "--json").stdout.splitlines()
    return str(json.loads(line)["id"])


def test_from_a_file_to_the_shelf_and_off_it(shell: Any, dsn: str) -> None:
    """add, drafts, publish, list, search, show, retire; each says in a line what it did, and events are said."""
    assert "waits for a review" in shell("add", "-", input=TEMPLATE).stdout
    assert shell("add", "-", input=TEMPLATE).exit_code == 0
    draft = _waiting(shell)
    assert _outbox(dsn) == 1
    assert shell("publish", draft, "--revision", "1").stdout == f"item-{draft} is published.\n"
    assert (
        "Senior data analyst\n   job description · version 1" in shell("list", "--borough", "camden").stdout
    )
    for asked in ("senoir analist", "dashbords", "camden sql", "visualisation"):
        assert f"item-{draft}" in shell("search", asked).stdout, asked
    assert shell("search", "plumber").stdout == "Nothing found.\n"
    assert "- Build dashboards that managers use." in shell("show", f"item-{draft}").stdout
    assert shell("retire", f"item-{draft}").exit_code == 0
    assert shell("list").stdout == "Nothing found.\n"
    assert "RETIRED" in shell("list", "--retired").stdout
    assert len(shell("show", f"item-{draft}", "--history", "--json").stdout.splitlines()) == 2


def test_a_structure_comes_from_csv(shell: Any, tmp_path: Path) -> None:
    """The template is a structure; it becomes a draft of posts in their order."""
    file = tmp_path / "team.csv"
    file.write_text(shell("template", "structure").stdout)
    result = shell("import-structure", str(file), "--title", "Camden's digital team", "--borough", "Camden")
    assert result.exit_code == 0
    draft = json.loads(shell("show", _waiting(shell), "--json").stdout)
    assert draft["content"]["posts"][0]["title"] == "Head of Digital"


@pytest.mark.parametrize(
    ("arguments", "text", "complaint"),
    [
        (("add", "/nowhere.md"), "", "cannot be read: No such file"),
        (("add", "-"), "hello", "line 1: the file begins with ---"),
        (("add", "-", "--item", "nowhere"), TEMPLATE, "there is no item 'nowhere'"),
        (("add", "-"), TEMPLATE.replace("standard_roles: Data analyst\n", ""), "needs the standard role"),
        (
            ("import-structure", "-", "--title", "T", "--borough", "Paris"),
            "title\nHead",
            "'Paris' is none of the 33",
        ),
        (
            ("import-structure", "-", "--title", "T", "--borough", "Camden"),
            "id,title,reports_to\n1,Head,1",
            "line 2",
        ),
        (("publish", "nothing"), "", "there is no draft 'nothing'"),
        (("return", "nothing", "--why", "x"), "", "there is no draft 'nothing'"),
        (("retire", "nothing"), "", "there is no item nothing to retire"),
        (("show", "nothing"), "", "there is no item or draft 'nothing'"),
        (("list", "--kind", "poem"), "", "there is no kind 'poem'"),
        (("list", "--role", "wizard"), "", "there is no standard role 'wizard'"),
        (("drafts", "--status", "lost"), "", "there is no status 'lost'"),
        (("template", "poem"), "", "there are item and structure"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    shell: Any, dsn: str, arguments: tuple[str, ...], text: str, complaint: str
) -> None:
    """What is wrong and what to do on stderr, nothing on stdout, an exit code that is not 0, and nothing said."""
    result = shell(*arguments, input=text)
    assert result.exit_code != 0
    assert result.stdout == ""
    assert complaint in result.stderr
    assert _outbox(dsn) == 0


def test_a_review_that_cannot_be_done_leaves_everything(shell: Any, dsn: str) -> None:
    """An older revision is not published; the command says so and nothing is said on the bus."""
    shell("add", "-", input=TEMPLATE)
    draft = _waiting(shell)
    result = shell("publish", draft, "--revision", "7")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "revision 7; it is revision 1 by now" in result.stderr
    assert _outbox(dsn) == 1
    assert shell("return", draft, "--why", "Say what they bring.").exit_code == 0
    assert shell("drafts").stdout == "No draft is waiting.\n"
    assert "Say what they bring." in shell("drafts", "--all").stdout


def test_gaps_are_shown_with_their_drafts(shell: Any, dsn: str) -> None:
    """What is missing, and the draft that was assembled for it, or why there is none; an assembled one is published."""

    async def advertise(*roles: Any) -> None:
        connection = await asyncpg.connect(dsn)
        try:
            library = Library(connection)
            await library.hear(*roles)
            await library.turn()
        finally:
            await connection.close()

    asyncio.run(advertise(a_role()))
    assert "Only one advert has a description" in shell("gaps").stdout
    asyncio.run(advertise(a_role(borough=HACKNEY)))
    assert "draft: draft-data-analyst-senior" in shell("gaps").stdout
    assert shell("publish", "draft-data-analyst-senior", "--licence", "OGL-UK-3.0").exit_code == 0
    assert shell("gaps").stdout == "Nothing is missing.\n"
    assert json.loads(shell("gaps", "--all", "--json").stdout)["status"] == "covered"
    item = json.loads(shell("show", "exemplar-data-analyst-senior", "--json").stdout)
    assert item["licence"] == "OGL-UK-3.0"


@pytest.mark.parametrize(
    ("facts", "complaints"),
    [
        ("kind: poem", ["line 2: 'poem' is no kind", "title is missing"]),
        (
            "kind: event\ntitle: T\nstarts: 2026-12-03",
            ["line 4: '2026-12-03' has no time", "needs starts and ends"],
        ),
        ("kind: training\ntitle: T\nplace: Hall", ["belong to a file of kind event"]),
        ("kind: training\ntitle: T\ntitle: U", ["line 4: title is on line 3 already"]),
        ("kind: training\ntitle: T\nlevels: top; lead", ["line 4: 'top' is no level"]),
        (f"kind: training\ntitle: {'x' * 301}", ["line 3: title: String should have at most 300 characters"]),
    ],
)
def test_a_file_is_refused_line_by_line(facts: str, complaints: list[str]) -> None:
    """Everything that is wrong at once, each with its line."""
    with pytest.raises(FileRefused) as refused:
        read_item_file(f"---\n{facts}\n---\n")
    told = "\n".join(refused.value.problems)
    for complaint in complaints:
        assert complaint in told


def test_an_events_times_are_londons() -> None:
    """A time without a zone is London's, in summer and in winter."""
    read = read_item_file(
        "---\nkind: event\ntitle: T\nstarts: 2026-07-01 10:00\nends: 2026-12-01T10:00\nplace: Hall\n---\nCome.\n"
    )
    when = read.content.happening
    assert when is not None
    assert (when.starts_at.hour, when.ends_at.hour, read.content.body) == (9, 10, "Come.\n")
