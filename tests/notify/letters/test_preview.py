"""`loti notify preview KIND`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.notify.letters import letters_commands
from services.notify.letters.examples import EXAMPLES
from services.notify.letters.letters_commands import app


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_preview_of_every_kind(kind: str) -> None:
    """The plain text with its subject, `--html` the page itself, `--markdown` what GOV.UK Notify gets."""
    shown = [
        CliRunner().invoke(app, [kind, *options]) for options in ([], ["--text"], ["--html"], ["--markdown"])
    ]
    assert [one.exit_code for one in shown] == [0, 0, 0, 0]
    unasked, text, html, markdown = (one.stdout for one in shown)
    assert unasked == text
    assert text.startswith("Subject: ")
    assert html.startswith("<!DOCTYPE html>")
    assert "\n\n# " in markdown


def test_open_shows_the_page_in_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file that is there; where no browser can be opened, it says where the page is."""
    opened: list[str] = []

    def open_(address: str) -> bool:
        opened.append(address)
        return False

    monkeypatch.setattr(letters_commands.webbrowser, "open", open_)
    done = CliRunner().invoke(app, ["introduction", "--open"])
    assert done.exit_code == 0
    page = Path(opened[0].removeprefix("file://"))
    assert "Amara Osei" in page.read_text(encoding="utf-8")
    assert str(page) in done.stderr
    page.unlink()
    page.parent.rmdir()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["no-such-kind"], "introduction"),
        (["event", "--html", "--text"], "choose one of"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_shown_is_said(options: list[str], said: str) -> None:
    """An unknown kind names the known ones; two forms at once are refused."""
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 2
    assert said in done.stderr
