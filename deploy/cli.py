"""The `loti` command: everything a person does by hand, a script can do too."""

import asyncio
import importlib
import shlex
import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from deploy.local.settings import SERVICES

PARTS: Final[dict[str, tuple[str, ...]]] = {
    **{name: (f"services.{name}.commands",) for name in SERVICES},
    "matching": ("services.matching.commands", "deploy.matching_commands"),
    "contracts": ("deploy.contracts", "deploy.subscriber_commands"),
    "dead-letters": ("deploy.dead_letters",),
    "retention": ("deploy.retention_commands",),
    "person": ("deploy.person_commands",),
    "rebuild": ("deploy.recovery_commands:rebuild_app",),
    "backup": ("deploy.backup_commands",),
    "restored": ("deploy.recovery_commands:restored_app",),
    "republish": ("deploy.recovery_commands:republish_app",),
    "doctor": ("deploy.doctor.commands",),
    "kubernetes": ("deploy.kubernetes.commands",),
    "observability": ("deploy.observability.commands",),
    "status": ("deploy.status.commands",),
}
"""The sub-commands: the module whose `app` (or what stands behind the colon) it is, and those that add to it."""


@cache
def _part(name: str) -> Any:
    named, *more = PARTS[name]
    module, _, attribute = named.partition(":")
    part = getattr(importlib.import_module(module), attribute or "app")
    for other in more:
        importlib.import_module(other).add_to(part)
    command = typer.main.get_command(part)
    command.name = name
    return command


class _Parts(TyperGroup):
    """Loads a sub-command when it is asked for: most need libraries that take seconds to load, and no other needs."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands of this module, then the parts."""
        return [*super().list_commands(ctx), *PARTS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        if cmd_name not in PARTS:
            return super().get_command(ctx, cmd_name)
        return _part(cmd_name)


app = typer.Typer(cls=_Parts, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)


@app.command()
def up(
    data: Annotated[Path, typer.Option(help="Where everything is kept.")] = Path(".loti"),
    port: Annotated[int | None, typer.Option(help="Port of the portal; any free one by default.")] = None,
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
    from deploy.statements import StatementRefused, read_statements, say
    from loti_contracts.delivery.settings import ServiceSettings

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


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def bench(asked: typer.Context) -> None:
    """Measure what the system does beside what a user would pick instead, or one NAME of it (--json, --write, --help)."""
    try:
        measuring = importlib.import_module("tests.bench.__main__")
    except ModuleNotFoundError as missing:
        if not (missing.name or "").startswith("tests"):
            raise
        print(
            "loti bench: benches are part of a checkout, not of what is installed; clone the repository",
            file=sys.stderr,
        )
        raise typer.Exit(2) from missing
    raise typer.Exit(measuring.main(asked.args))


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
