"""The screen: a line for each service in the order of the path, what waits between them, and what is wrong. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

_LAG: Final = 1_000
_LATE: Final = 60.0
"""So many messages, and so many seconds, are much."""
_DOES: Final = {
    "ingest": "boards → roles",
    "salaries": "roles → benchmarks",
    "matching": "requests → matches",
    "notify": "events → email",
    "library": "what boroughs can read",
    "portal": "pages",
    "webhooks": "events → other systems",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One service, as it is shown. `wrong` says why it is not well; empty where it is."""

    service: str
    state: str
    behind: int | None
    waiting: int
    oldest: float
    letters: int
    figures: str
    wrong: str

    @property
    def well(self) -> bool:
        """Nothing needs anybody."""
        return not self.wrong


def line_of(service: str, said: Mapping[str, Any]) -> Line:
    """Of what its health page says."""
    consumer, outbox = said.get("consumer") or {}, said.get("outbox") or {}
    return Line(
        service=service,
        state=_state(said),
        behind=consumer.get("lag"),
        waiting=outbox.get("depth", 0),
        oldest=outbox.get("oldest_seconds", 0.0),
        letters=said.get("dead_letters", 0),
        figures=_in_words(said.get(service) or {}),
        wrong="; ".join(_wrong(said, consumer, outbox)),
    )


def screen(lines: Sequence[Line], now: datetime) -> Group:
    """Everything, to be printed."""
    well = sum(line.well for line in lines)
    head = Text(
        f"Talent Exchange · {now:%Y-%m-%d %H:%M:%S} UTC · {well} of {len(lines)} are well", style="bold"
    )
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("", ratio=1)
    table.add_column("state", no_wrap=True)
    for name in ("to hear", "to say", "dead"):
        table.add_column(name, justify="right", no_wrap=True)
    for line in lines:
        table.add_row(
            Text.assemble(
                (line.service, "bold"),
                f"  {_DOES.get(line.service, '')}",
                (f"\n  {line.figures}" if line.figures else "", "dim"),
            ),
            Text(line.state, style="green" if line.well else "bold red"),
            _marked("–" if line.behind is None else f"{line.behind:,}", much=(line.behind or 0) > _LAG),
            _marked(
                f"{line.waiting:,}" + (f" ({line.oldest:.0f} s)" if line.waiting else ""),
                much=line.oldest > _LATE,
            ),
            _marked(f"{line.letters:,}", much=line.letters > 0),
        )
    wrong = [Text(f"{line.service}: {line.wrong}", style="red") for line in lines if not line.well]
    return Group(
        head,
        table,
        *wrong,
        Text(
            "to hear: messages not handled yet · to say: events not published yet, the oldest's age · dead: messages set aside",
            style="dim",
        ),
    )


def _state(said: Mapping[str, Any]) -> str:
    if "unreached" in said:
        return "silent"
    if "database" in said and said["database"] != "answers":
        return "no database"
    return (
        "running"
        if said.get("healthy")
        else str((said.get("consumer") or {}).get("state") or said.get("state") or "not well")
    )


def _wrong(said: Mapping[str, Any], consumer: Mapping[str, Any], outbox: Mapping[str, Any]) -> list[str]:
    if "unreached" in said:
        return [str(said["unreached"])]
    found = [str(consumer["breaker"])] if consumer.get("breaker") else []
    if said.get("database", "answers") != "answers":
        found.append(str(said["database"]))
    if consumer.get("trouble"):
        found.append(str(consumer["trouble"]))
    if outbox.get("oldest_seconds", 0.0) > _LATE:
        found.append(
            f"events wait since {outbox['oldest_seconds']:.0f} s: {(said.get('relay') or {}).get('trouble') or 'the relay does not publish'}"
        )
    if not found and not said.get("healthy"):
        found.append(str(said.get("state", "it says that it is not well")))
    return found


def _in_words(figures: Mapping[str, Any]) -> str:
    """`open_roles: 37` as `37 open roles`; what is nothing is left out, unless everything is."""
    told = [
        f"{value:,} {name.replace('_', ' ')}"
        for name, value in figures.items()
        if isinstance(value, int) and value
    ]
    return " · ".join(told) or ("nothing yet" if figures else "")


def _marked(text: str, *, much: bool) -> Text:
    return Text(text, style="bold yellow" if much else "")
