"""`loti salaries import`: a borough contributes what it really pays, or takes it back. Output is counts, never pay."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import asyncpg
import typer

from loti_contracts.delivery.database import OLDER, Connection
from services.salaries.contributed import asked, publish
from services.salaries.contributed.complaints import MOST_TOLD, UploadRefused
from services.salaries.contributed.csv_text import LARGEST
from services.salaries.contributed.template import explanation, template
from services.salaries.contributed.upload import Upload, read_upload
from services.salaries.settings import SalariesSettings

T = TypeVar("T")

app = typer.Typer()

Borough = Annotated[str | None, typer.Option(help="The borough's GSS code, such as E09000012.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@app.command(name="import")
def import_(
    file: Annotated[Path | None, typer.Argument(help="A CSV file; - reads standard input.")] = None,
    borough: Borough = None,
    as_of: Annotated[
        str | None, typer.Option(help="The day of the payroll, YYYY-MM-DD; today by default.")
    ] = None,
    year: Annotated[
        int | None, typer.Option(help="Instead of a day: the pay year that began on 1 April.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Check the file, and store nothing.")] = False,
    hold: Annotated[
        bool,
        typer.Option("--hold", help="Publish nothing yet; `loti salaries release` does, for a whole round."),
    ] = False,
    print_template: Annotated[
        bool, typer.Option("--template", help="Print an empty file to fill in.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Contribute what a borough really pays. It replaces all that the borough contributed before; with one mistake in
    the file nothing is stored. It is confidential: see METHOD.md for what is published from it."""
    if print_template:
        print(template(), end="")
        return
    if file is None:
        _refuse("import", "give the CSV file; `loti salaries template` prints one to fill in")
    gss = _whose("import", borough)
    try:
        day = asked.day(as_of, year, datetime.now(UTC).date())
    except asked.NotUnderstood as error:
        _refuse("import", str(error))
    upload = _read(file, as_json)
    told: dict[str, Any] = {
        "borough": gss,
        "as_of": day.isoformat(),
        "posts": upload.posts,
        "roles": len({role for role, _ in upload.pay}),
        "without_level": upload.without_level,
        "examples_passed_over": upload.examples,
    }
    if check:
        _tell({**told, "stored": False}, as_json)
        if not as_json:
            for name, meant in sorted(upload.understood.items()):
                print(f"  {name} is read as {meant}")
        return
    now = datetime.now(UTC)
    outcome = _run(
        lambda tx: publish.contribute(tx, gss, upload.pay, as_of=day, now=now, release=not hold), "import"
    )
    _tell({**told, "stored": True, "figures": asdict(outcome) if outcome else None}, as_json)


@app.command()
def release(as_json: AsJson = False) -> None:
    """Publish what may be published, after imports with --hold. Boroughs that are published together can be shown in
    more detail than boroughs that come one by one."""
    outcome = _run(lambda tx: publish.release(tx, now=datetime.now(UTC)), "release")
    _tell({"figures": asdict(outcome)}, as_json)


@app.command(name="template")
def template_() -> None:
    """Print an empty file to fill in (standard output), and what goes into each column (standard error)."""
    print(template(), end="")
    print(explanation(), file=sys.stderr)


@app.command()
def withdraw(borough: Borough = None, as_json: AsJson = False) -> None:
    """Take back all that a borough contributed. Figures published with it stay until they are renewed, or until fewer
    than five of their boroughs still contribute."""
    gss = _whose("withdraw", borough)
    done = _run(lambda tx: publish.withdraw(tx, gss, now=datetime.now(UTC)), "withdraw")
    if done is None:
        print(f"loti salaries withdraw: {gss} has contributed nothing", file=sys.stderr)
        raise typer.Exit(1)
    posts, outcome = done
    _tell({"borough": gss, "posts_withdrawn": posts, "figures": asdict(outcome)}, as_json)


def _read(file: Path, as_json: bool) -> Upload:
    try:
        if str(file) == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with file.open("rb") as opened:
                content = opened.read(LARGEST + 1)
        return read_upload(content)
    except OSError as error:
        _refuse("import", f"{file} cannot be read: {error.strerror}")
    except UploadRefused as error:
        count = len(error.complaints)
        mistakes = f"{count:,} mistake{'s' if count > 1 else ''} in {file}; nothing was stored"
        print(f"loti salaries import: {mistakes}", file=sys.stderr)
        if as_json:
            first = [asdict(complaint) for complaint in error.complaints[:MOST_TOLD]]
            print(json.dumps({"stored": False, "mistakes": count, "first": first}, ensure_ascii=False))
        else:
            print("\n".join(f"  {line}" for line in error.lines()), file=sys.stderr)
        raise typer.Exit(2) from error


def _whose(command: str, borough: str | None) -> str:
    try:
        return asked.borough(borough)
    except asked.NotUnderstood as error:
        _refuse(command, str(error))


def _run(work: Callable[[Connection], Awaitable[T]], command: str) -> T:
    """The work in one transaction on the service's database (LOTI_DATABASE)."""

    async def run() -> T:
        connection = await asyncpg.connect(SalariesSettings().database.get_secret_value())
        try:
            async with connection.transaction():
                return await work(connection)
        finally:
            await connection.close()

    try:
        return asyncio.run(run())
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InvalidCatalogNameError) as error:
        reason = type(error).__name__
        _refuse(command, f"the service's database cannot be reached ({reason}); see `loti env salaries`", 1)
    except OLDER as error:
        print(
            f"loti salaries {command}: start the service once, so that its tables are there", file=sys.stderr
        )
        raise typer.Exit(1) from error


def _tell(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(told))
        return
    for name, value in told.items():
        if value is None:
            value = "nothing yet; `loti salaries release` publishes"
        if isinstance(value, dict):
            value = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in value.items())
        print(f"{name.replace('_', ' ')}: {value}")


def _refuse(command: str, why: str, code: int = 2) -> NoReturn:
    print(f"loti salaries {command}: {why}", file=sys.stderr)
    raise typer.Exit(code)
