"""`loti contracts subscriber …` and `loti contracts lag`: who may read what, and how far each has read."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.table import Table

from deploy.access.administration import Administration, BrokerRefused
from deploy.access.grants import NotGranted, checked_name, of_service, of_subscriber, services, topics_listed
from deploy.access.ten_lines import ten_lines
from loti_contracts.delivery.broker import AccessIncomplete, Broker
from loti_contracts.delivery.lag import lags
from loti_contracts.delivery.settings import ServiceSettings

app = typer.Typer(
    name="subscriber", help="Who may read what. Run it as the broker's administrator.", no_args_is_help=True
)

_Name = Annotated[str, typer.Argument(help="Lower-case letters, digits and hyphens.")]


def add_to(contracts: typer.Typer) -> None:
    """Put these commands under `loti contracts`."""
    contracts.add_typer(app)
    contracts.command("lag")(lag)


@app.command()
def add(
    name: _Name,
    topics: Annotated[str, typer.Option(help="Which it may read, such as roles,benchmarks.")],
) -> None:
    """Let a system read these topics, in groups of its own, and print the ten lines to start with. Again: anew."""
    with _refusals("add"):
        wanted = topics_listed(topics)
        grants = of_subscriber(checked_name(name), wanted)
        broker = Broker.of(ServiceSettings())
        with Administration(broker) as administration:
            password = administration.let_in(name, grants)
    print(ten_lines(name, password, wanted, broker))


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="JSON Lines.")] = False) -> None:
    """Everybody who has a credential, and what each may read."""
    with _refusals("list"), Administration(Broker.of(ServiceSettings())) as administration:
        found = {name: administration.topics_of(name) for name in administration.users()}
    for name, topics in found.items():
        print(
            json.dumps({"name": name, "topics": topics})
            if as_json
            else f"{name}: {', '.join(topics) or 'nothing'}"
        )


@app.command()
def rotate(name: _Name) -> None:
    """Give a new password; the old one opens nothing any more for whoever connects anew."""
    with _refusals("rotate"), Administration(Broker.of(ServiceSettings())) as administration:
        print(administration.rotate(checked_name(name)))


@app.command()
def remove(name: _Name) -> None:
    """Take credential and rights away."""
    with _refusals("remove"), Administration(Broker.of(ServiceSettings())) as administration:
        there = administration.shut_out(checked_name(name))
    if not there:
        _refuse("remove", f"nobody is called {name}")
    print(f"{name} is out")


@app.command("services")
def services_() -> None:
    """Give each service what the table of topics says: to write what it owns, and to read what it hears."""
    with _refusals("services"), Administration(Broker.of(ServiceSettings())) as administration:
        for name in services():
            print(f"{name} {administration.let_in(name, of_service(name))}")


def lag(as_json: Annotated[bool, typer.Option("--json", help="JSON Lines.")] = False) -> None:
    """How far each subscriber and service is behind, furthest first."""
    with _refusals("lag"):
        found = asyncio.run(lags(Broker.of(ServiceSettings())))
    now = datetime.now(UTC)
    if as_json:
        for one in found:
            print(json.dumps(one.as_json(now)))
        return
    table = Table("group", "topic", "behind", "oldest unread", "connected")
    for one in found:
        seconds = one.seconds(now)
        table.add_row(
            one.group,
            one.topic,
            str(one.behind),
            "" if seconds is None else f"{seconds:,.0f} s",
            str(one.members),
        )
    Console().print(table)


@contextmanager
def _refusals(command: str) -> Iterator[None]:
    try:
        yield
    except (NotGranted, AccessIncomplete) as error:
        _refuse(command, str(error), code=2)
    except (BrokerRefused, KafkaError, OSError) as error:
        _refuse(command, f"{type(error).__name__}: {error}" if isinstance(error, KafkaError) else str(error))


def _refuse(command: str, why: str, *, code: int = 1) -> NoReturn:
    print(f"loti contracts {command}: {why}", file=sys.stderr)
    raise typer.Exit(code)
