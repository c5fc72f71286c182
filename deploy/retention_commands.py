"""`loti retention`: what is kept of which thing, for how long, and why: every table of every service, every topic."""

import importlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated

import typer

from deploy.local.settings import SERVICES
from loti_contracts.delivery.holdings import OF_DELIVERY, Holding
from loti_contracts.events import EVENTS, TOPICS, Topic

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One table or topic. `where` is the service, or "topic"; `people`: whether a person is found in it, if only by id."""

    where: str
    name: str
    what: str
    people: bool
    kept: str
    setting: str | None
    deleted_by: str
    because: str


def rows() -> Iterator[Row]:
    """Every table of every service, then every topic."""
    for service in SERVICES:
        own: tuple[Holding, ...] = importlib.import_module(f"services.{service}.holdings").HOLDINGS
        for one in (*own, *OF_DELIVERY):
            yield _of_table(service, one)
    yield from map(_of_topic, TOPICS)


@app.command()
def retention(
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a table for a document.")] = False,
) -> None:
    """What is kept for how long, and why: every table of every service, and every topic."""
    if as_json:
        for row in rows():
            print(json.dumps(asdict(row), ensure_ascii=False))
    elif markdown:
        print("\n".join(_markdown()))
    else:
        where = ""
        for row in rows():
            if row.where != where:
                where = row.where
                print(f"\n{'Topics' if where == 'topic' else where}")
            set_by = f" ({row.setting})" if row.setting else ""
            print(f"  {row.name:<24}  {row.kept}{set_by}{'; about people' if row.people else ''}: {row.what}")
            if row.because:
                print(f"  {'':<24}  {row.because}")


def _of_table(service: str, one: Holding) -> Row:
    return Row(
        where=service,
        name=one.table,
        what=one.what,
        people=bool(one.about),
        kept="as long as the thing is there" if one.kept is None else _in_words(one.kept, one.age or ""),
        setting=None if one.setting is None else f"LOTI_{one.setting.upper()}",
        deleted_by=one.deleted_by or ("" if one.kept is None else "the loop of every service, every hour"),
        because=one.because,
    )


def _of_topic(topic: Topic) -> Row:
    return Row(
        where="topic",
        name=topic.name,
        what=topic.what,
        people=topic.restricted
        or any(
            "contact_id" in str(event.model_json_schema())
            for event in EVENTS.values()
            if event.topic == topic.name
        ),
        kept="the newest state of each thing" if topic.keep_for is None else f"{topic.keep_for.days} days",
        setting=None,
        deleted_by="the broker",
        because="Compacted: it is the current table of its things."
        if topic.compacted
        else "A record, deleted.",
    )


def _in_words(kept: timedelta, age: str) -> str:
    if not kept:
        return f"until {age}"
    if kept.days:
        return f"{kept.days} days"
    hours = int(kept.total_seconds() // 3600)
    return f"{hours} hour{'' if hours == 1 else 's'} after {age}"


def _markdown() -> Iterator[str]:
    yield "| where | table or topic | about people | kept | why |"
    yield "|---|---|---|---|---|"
    mine = {one.table for one in OF_DELIVERY}
    told: set[str] = set()
    for row in rows():
        shared = row.where != "topic" and row.name in mine
        if shared and row.name in told:
            continue
        if shared:
            told.add(row.name)
        set_by = f" (`{row.setting}`)" if row.setting else ""
        yield (
            f"| {'every service' if shared else row.where} | `{row.name}`: {row.what} | "
            f"{'yes' if row.people else ''} | {row.kept}{set_by} | {row.because} |"
        )
