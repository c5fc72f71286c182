"""`loti matching demand`: what is shared, novel and hard to recruit now, and why."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from pydantic import ValidationError

from loti_contracts.events import HardRole, NovelRole, SharedDemand
from services.matching import console
from services.matching.demand import store
from services.matching.demand.settings import DemandSettings
from services.matching.demand.telling import Nearly, hard_role, nearly_shared, novel_role, shared_demand

app = typer.Typer(
    help="What boroughs look for together, what nobody has looked for before, and what is hard to recruit."
)

_NEARLY_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Now:
    """What there is to tell."""

    shared: Sequence[SharedDemand]
    novel: Sequence[NovelRole]
    hard: Sequence[HardRole]
    nearly: Sequence[Nearly]


@app.callback(invoke_without_command=True)
def show_demand(
    days: Annotated[int, typer.Option(min=1, max=3_650, help="Novel roles of the last so many days.")] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines instead of text.")] = False,
) -> None:
    """What is shared, novel and hard to recruit now, and why; in words that can be forwarded."""
    settings = _settings()
    now = asyncio.run(_load(settings, days=days))
    print(_as_json(now) if as_json else _as_text(now, settings, days=days), end="")


def _as_json(now: Now) -> str:
    lines = [
        *({"shared": one.model_dump(mode="json")} for one in now.shared),
        *({"novel": one.model_dump(mode="json")} for one in now.novel),
        *({"hard": one.model_dump(mode="json")} for one in now.hard),
    ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _as_text(now: Now, settings: DemandSettings, *, days: int) -> str:
    shared = [shared_demand(one) for one in now.shared] or [
        nearly_shared(now.nearly, least=settings.demand_boroughs, window_days=settings.demand_window)
    ]
    novel = [novel_role(one) for one in now.novel] or [
        f"  No role of the last {days} days is of a new kind.\n"
    ]
    hard = [hard_role(one) for one in now.hard] or [
        "  No open role was advertised before, or is open beyond the usual time.\n"
    ]
    return "\n".join(
        [
            "Looked for by several boroughs\n",
            *shared,
            "New kinds of role\n",
            *novel,
            "Hard to recruit\n",
            *hard,
        ]
    )


async def _load(settings: DemandSettings, *, days: int) -> Now:
    now = datetime.now(UTC)
    async with console.database() as connection:
        shared = await store.all_shared(connection)
        after = now - timedelta(days=settings.demand_window)
        nearly = [] if shared else await store.nearly_shared(connection, after=after, most=_NEARLY_SHOWN)
        return Now(
            shared=shared,
            novel=await store.all_novel(connection, after=now - timedelta(days=days)),
            hard=await store.all_hard(connection),
            nearly=[Nearly(name, count) for name, count in nearly],
        )


def _settings() -> DemandSettings:
    try:
        return DemandSettings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        names = ", ".join(f"LOTI_{str(part).upper()}" for part in first["loc"])
        console.stop(f"the settings are not usable: {names}: {first['msg']}")
