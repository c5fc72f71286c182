"""`loti rebuild`, `loti restored`, `loti republish`: tables had again from topics, and topics from tables."""

import asyncio
import importlib
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from deploy import backups
from deploy.local.settings import SERVICES, NotHere, settings_of
from loti_contracts.delivery import recovery_run
from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.errors import TryAgain
from loti_contracts.delivery.logs import set_up_logs
from loti_contracts.delivery.migrations import MigrationRefused
from loti_contracts.delivery.recovering import Recovered, RecoveryRefused
from loti_contracts.delivery.service import Service
from loti_contracts.events import TOPICS

Named = Annotated[str, typer.Argument(metavar="SERVICE", help=f"One of {', '.join(SERVICES)}.")]
Data = Annotated[
    Path | None,
    typer.Option(
        help="The data folder of a `loti up`; else LOTI_DATABASE, LOTI_KAFKA and the rest say where."
    ),
]
Hold = Annotated[
    bool,
    typer.Option("--hold", help="If the service runs: let it stand aside meanwhile; it goes on by itself."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]

rebuild_app = typer.Typer(add_completion=False)
restored_app = typer.Typer(add_completion=False)
republish_app = typer.Typer(add_completion=False)

_HOLD = 60.0


@rebuild_app.command()
def rebuild(
    service: Named,
    data: Data = None,
    hold: Hold = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; say what would be different. 1 where anything would."),
    ] = False,
    even_if_lost: Annotated[
        bool, typer.Option("--even-if-lost", help="Though tables would be empty, since their topics are.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Empty the tables of a service that come from topics, and fill them anew from the topics' start. All or nothing: one
    that is interrupted has changed nothing, and can be given again.

    Nothing that was said is said again. What only this database knows (`loti retention` says what) stays.
    """
    seconds = _HOLD if hold else 0.0
    done = _run(
        "rebuild",
        service,
        data,
        lambda it: recovery_run.rebuild(it, hold=seconds, check=check, even_if_lost=even_if_lost),
    )
    _show(done, as_json=as_json, changed=not check)
    if check and not done.same:
        raise typer.Exit(1)


@restored_app.command()
def restored(
    service: Named,
    backup: Annotated[
        Path | None, typer.Option("--from", help="A file of `loti backup`, to be restored first.")
    ] = None,
    data: Data = None,
    hold: Hold = False,
    as_json: AsJson = False,
) -> None:
    """After a backup of the service's database was restored: bring it to what was said since, whatever the moment of the
    backup. Start the service only then. With --from the backup is restored by this command, too."""
    seconds = _HOLD if hold else 0.0

    def work(it: Service) -> Awaitable[Recovered]:
        dsn = it.settings.database.get_secret_value()
        first = None if backup is None else lambda: backups.restore(dsn, backup)
        return recovery_run.restored(it, hold=seconds, restore=first)

    _show(_run("restored", service, data, work), as_json=as_json, changed=True)


@republish_app.command()
def republish(
    service: Annotated[str | None, typer.Argument(metavar="SERVICE", help="Or --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every service of the data folder.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """After the broker lost topics: say again what a service holds and its topics lack. Services may run meanwhile; whoever
    has a state already drops it. Topics that are missing are made."""
    if every == (service is not None):
        _refuse("republish", "name one service, or --all")
    if every and data is None:
        _refuse("republish", "--all needs the folder of a `loti up`: --data .loti")
    for name in SERVICES if service is None else (service,):
        done = _run("republish", name, data, recovery_run.republish)
        _show(done, as_json=as_json, changed=True)
    if not as_json:
        _say_what_is_gone()


def service_named(command: str, name: str, data: Path | None) -> Service:
    """The service, with the settings of that folder or of the environment; or the end of the command."""
    if name not in SERVICES:
        _refuse(command, f"there is no service {name!r}; there are {', '.join(SERVICES)}")
    if data is not None:
        try:
            os.environ.update(settings_of(name, data))
        except NotHere as error:
            _refuse(command, str(error))
        os.environ.setdefault("LOTI_SOURCES", str(data / "sources.yaml"))
    try:
        service: Service = importlib.import_module(f"services.{name}.app").service()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        names = ", ".join(f"LOTI_{str(part).upper()}" for part in first["loc"])
        _refuse(command, f"the settings are not usable: {names}: {first['msg']}")
    except (ValueError, RuntimeError) as error:
        _refuse(command, f"the settings are not usable: {error}")
    return service


def _run(
    command: str, name: str, data: Path | None, work: Callable[[Service], Awaitable[Recovered]]
) -> Recovered:
    service = service_named(command, name, data)
    set_up_logs(name, form="console", level="ERROR")

    async def run() -> Recovered:
        return await work(service)

    try:
        return asyncio.run(run())
    except (RecoveryRefused, MigrationRefused, TryAgain, backups.BackupFailed) as error:
        _refuse(command, str(error), code=1)
    except (KafkaError, *PASSING) as error:
        _refuse(
            command,
            f"interrupted, and nothing was changed: {type(error).__name__}: {error}. Are {name}'s database and the broker "
            "there (LOTI_DATABASE, LOTI_KAFKA, or --data)?",
            code=1,
        )


def _show(done: Recovered, *, as_json: bool, changed: bool) -> None:
    if as_json:
        print(json.dumps(_plain(done)))
        return
    for table in done.tables:
        became = "the same" if table.same else f"{table.gone} gone, {table.new} new"
        print(f"{table.table:<28} {table.before:>8} rows, then {table.after:>8}: {became}")
    for topic, count in sorted(done.said.items()):
        print(f"{topic:<28} {count:>8} states said again")
    words = [f"{done.service}: heard {done.heard} events again"] if done.kind != "republish" else []
    words += [f"{done.left} it has not heard yet, and will"] if done.left else []
    words += [f"{done.parked} could not be handled (loti dead-letters list)"] if done.parked else []
    words += [f"{done.dropped} events of its outbox had been published"] if done.dropped else []
    words += [] if done.said or done.kind != "republish" else [f"{done.service}: its topics hold everything"]
    print("; ".join(words) + ("" if changed else "; nothing was changed"))


def _plain(done: Recovered) -> dict[str, Any]:
    tables = {one.table: [one.before, one.after, one.gone, one.new] for one in done.tables}
    names = ("service", "kind", "heard", "left", "parked", "dropped", "said", "same")
    return {name: getattr(done, name) for name in names} | {"tables": tables}


def _say_what_is_gone() -> None:
    for_a_while = ", ".join(topic.name for topic in TOPICS if topic.keep_for is not None)
    print(
        "What cannot be had again: how things came to be what they are (a topic has the newest state of each); on "
        f"{for_a_while}: what their owners do not keep any more; and messages of others that nobody holds."
    )


def _refuse(command: str, why: str, *, code: int = 2) -> NoReturn:
    print(f"loti {command}: {why}", file=sys.stderr)
    raise typer.Exit(code)
