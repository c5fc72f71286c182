"""`loti notify preview KIND`: look at a mail, made by what makes the real ones, with made-up people in it."""

import sys
import tempfile
import webbrowser
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.notify.letters.compose import compose
from services.notify.letters.examples import EXAMPLES
from services.notify.letters.examples_people import ExampleLinks
from services.notify.letters.examples_roles import NOW
from services.notify.letters.letter import Letter, Site
from services.notify.settings import NotifySettings

app = typer.Typer()

Kind = StrEnum("Kind", {name: name for name in EXAMPLES})  # type: ignore[misc]  # mypy asks for a literal


class Form(StrEnum):
    """What of a letter is shown."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"


def example(kind: str, site: Site) -> Letter:
    """The letter of that example."""
    return compose(EXAMPLES[kind], links=ExampleLinks(), site=site, now=NOW)


@app.command()
def preview(
    kind: Annotated[
        Kind,
        typer.Argument(
            metavar="KIND", show_choices=False, help=f"Which mail to show: {', '.join(EXAMPLES)}."
        ),
    ],
    open_: Annotated[bool, typer.Option("--open", help="Open the HTML page in a browser.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Print the HTML page.")] = False,
    text: Annotated[
        bool, typer.Option("--text", help="Print the plain text with its subject; so it does unasked.")
    ] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the Markdown that GOV.UK Notify gets.")
    ] = False,
) -> None:
    """Show an example of a mail: with made-up people in it, made by what makes the real ones."""
    if html + text + markdown > 1:
        raise typer.BadParameter("choose one of --html, --text and --markdown")
    letter = example(kind.value, Site(NotifySettings().site_name))
    if open_:
        file = Path(tempfile.mkdtemp(prefix="loti-preview-")) / f"{kind.value}.html"
        file.write_text(letter.html, encoding="utf-8")
        opened = webbrowser.open(file.as_uri())
        sys.stderr.write(f"{'Opened' if opened else 'No browser could be opened; the page is'} {file}\n")
        if not (html or text or markdown):
            return
    if html:
        sys.stdout.write(letter.html)
    else:
        sys.stdout.write(f"Subject: {letter.subject}\n\n{letter.markdown if markdown else letter.text}")
