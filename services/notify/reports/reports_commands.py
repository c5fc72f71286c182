"""`loti notify bounces`: what came back, given by hand."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from services.notify.people.console import AsJson, refuse, with_database
from services.notify.reports import heard, parts
from services.notify.reports.heard import Heard
from services.notify.settings import NotifySettings

app = typer.Typer(name="reports", help="What came back.")


@app.command("bounces")
def bounces(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|-", help="A bounce or complaint as it came (.eml); - reads one from stdin."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Hear bounces and complaints: mails that came back, and dead addresses. To hear one again changes nothing.

    Ends with 1 if one was not taken; each says why, and what to do.
    """
    messages = [(name, _read(name)) for name in files]
    settings = _settings()
    all_taken = True
    for name, raw in messages:
        found = _hear(settings, raw)
        all_taken = all_taken and found.ending not in ("not taken", "later")
        said = {"file": name, "ending": found.ending, "words": found.words}
        line = json.dumps(said, ensure_ascii=False) if as_json else ": ".join(said.values())
        sys.stdout.write(f"{line}\n")
    if not all_taken:
        raise typer.Exit(1)


def _hear(settings: NotifySettings, raw: bytes) -> Heard:
    """In a transaction of its own, so that a bad one holds up no other."""
    return with_database("bounces", lambda tx: heard.hear(tx, settings, raw, datetime.now(UTC)))


def _settings() -> NotifySettings:
    try:
        return NotifySettings()
    except ValidationError as error:
        wrong = "; ".join(f"LOTI_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        refuse("bounces", f"a setting is wrong: {wrong}")


def _read(name: str) -> bytes:
    """The bytes of a file, or of stdin; one byte more than may be read where there is too much."""
    most = parts.LARGEST + 1
    if name == "-":
        return sys.stdin.buffer.read(most)
    try:
        with Path(name).open("rb") as file:
            return file.read(most)
    except OSError as error:
        refuse("bounces", f"{name} cannot be read: {error.strerror}; give a file with one message, or -")
