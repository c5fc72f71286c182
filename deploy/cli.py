"""The `loti` command: everything a person does by hand, a script can do too."""

import asyncio
import importlib
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.local.settings import SERVICES
from deploy.statements import StatementRefused, read_statements, say
from loti_contracts.delivery.settings import ServiceSettings

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)

for _name in SERVICES:
    app.add_typer(importlib.import_module(f"services.{_name}.commands").app, name=_name)
importlib.import_module("deploy.matching_commands").add_to(
    importlib.import_module("services.matching.commands").app
)
importlib.import_module("deploy.subscriber_commands").add_to(importlib.import_module("deploy.contracts").app)
app.add_typer(importlib.import_module("deploy.contracts").app, name="contracts")
app.add_typer(importlib.import_module("deploy.dead_letters").app, name="dead-letters")


@app.command()
def up(
    data: Annotated[Path, typer.Option(help="Where everything is kept.")] = Path(".loti"),
    port: Annotated[int | None, typer.Option(help="Port of the mail page; any free one by default.")] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Run the whole path over the sample boards, and stop.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --once: print the counts as one JSON object.")
    ] = False,
) -> None:
    """Run the whole system on this machine, with sample boards and sample people."""
    from deploy.local.programs import KeepsDying
    from deploy.local.server import StartFailed
    from deploy.local.system import AlreadyRunning
    from deploy.local.up import NotFinished
    from deploy.local.up import up as run_up

    try:
        asyncio.run(run_up(data, port=port, once=once, as_json=as_json))
    except (AlreadyRunning, KeepsDying, NotFinished, StartFailed) as error:
        print(f"loti up: {error}", file=sys.stderr)
        raise typer.Exit(1) from error


@app.command(name="say")
def say_(
    file: Annotated[
        typer.FileText, typer.Argument(help="JSON Lines of {type, data}; - reads standard input.")
    ],
    kafka: Annotated[str | None, typer.Option(help="Bootstrap servers; LOTI_KAFKA by default.")] = None,
) -> None:
    """State contacts, supporters, requests and answers. All lines are checked before the first is said."""
    try:
        events = list(read_statements(file))
    except StatementRefused as error:
        print(f"loti say: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    asyncio.run(say(kafka or ServiceSettings().kafka, events))
    print(f"said {len(events)} statements")


@app.command()
def run(service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")]) -> None:
    """Run one service in the foreground, with its settings from the environment."""
    from loti_contracts.delivery.process import run as run_service

    if service not in SERVICES:
        print(
            f"loti run: there is no service {service!r}; there are {', '.join(SERVICES)}",
            file=sys.stderr,
        )
        raise typer.Exit(2)
    run_service(importlib.import_module(f"services.{service}.app").service())


@app.command()
def env(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")],
    data: Annotated[Path, typer.Option(help="The data folder of `loti up`.")] = Path(".loti"),
) -> None:
    """Print the settings of a service under `loti up`: eval "$(loti env salaries)" lets the commands reach it."""
    from deploy.local.settings import NotHere, settings_of

    try:
        settings = settings_of(service, data)
    except NotHere as error:
        print(f"loti env: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    for name, value in settings.items():
        print(f"export {name}={shlex.quote(value)}")


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
