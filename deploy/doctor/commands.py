"""`loti doctor`: what is wrong with an installation, and how to mend it."""

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deploy.doctor import (
    checking_broker,
    checking_database,
    checking_machine,
    checking_mail,
    checking_settings,
    findings,
)
from deploy.doctor.findings import Finding
from deploy.doctor.installed import Installed, by_environment, in_folder
from deploy.local.settings import SERVICES, NotHere

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    service: Annotated[
        str | None, typer.Argument(help=f"Whose settings the environment holds: {', '.join(SERVICES)}.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="The data folder of a `loti up`: all its services.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Show what is good, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line, what is good too.")] = False,
) -> None:
    """Look at settings, broker, topics, rights, databases, migrations, mail relay, clock and disk. Nothing is changed.

    Exit status 1: something is wrong. 2: it is not clear what to look at.
    """
    if (service is None) == (data is None):
        _refuse(
            "say which service's settings the environment holds (loti doctor notify), or give --data .loti"
        )
    if service is not None and service not in SERVICES:
        _refuse(f"there is no service {service!r}; there are {', '.join(SERVICES)}")
    found: list[Finding] = []
    if service is not None:
        one, found = by_environment(service, os.environ)
        services = [one] if one else []
    else:
        try:
            services = in_folder(data or Path())
        except NotHere as error:
            _refuse(str(error))
    found += checking_machine.check(checking_machine.folders_of(data))
    found += asyncio.run(_examine(services))
    if as_json:
        for finding in found:
            typer.echo(json.dumps(asdict(finding), ensure_ascii=False))
    else:
        typer.echo("\n".join(findings.lines(found, all_=all_)))
    raise typer.Exit(findings.status(found))


async def _examine(services: list[Installed]) -> list[Finding]:
    """Everything that has to be asked for, at the same time."""
    if not services:
        return []
    asked = [checking_broker.check(services)]
    for one in services:
        asked += [checking_database.check(one), checking_mail.check(one)]
    answered = await asyncio.gather(*asked)
    told = [finding for one in services for finding in checking_settings.check(one)]
    return [*told, *(finding for found in answered for finding in found)]


def _refuse(why: str) -> None:
    typer.echo(f"loti doctor: {why}", err=True)
    raise typer.Exit(2)
