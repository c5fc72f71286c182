"""`loti matching requests` and `loti matching metrics`: what is going on, and how long it takes."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, get_args

import typer

from loti_contracts.events import Stage
from services.matching import console, figures, store
from services.matching.candidates import Candidates
from services.matching.figures import Asked
from services.matching.metrics import EVERYTHING, FEWEST, STEPS, Course, Wait, metrics
from services.matching.names import borough_named, day, named
from services.matching.shortlist import Shortlist, shortlist

STAGES: tuple[str, ...] = get_args(Stage)
UNDER_WAY = ("open", "proposed", "accepted", "introduced", "followed up")

AsJson = Annotated[bool, typer.Option("--json", help="JSON Lines instead of text.")]


def show_requests(
    stage: Annotated[
        list[str] | None,
        typer.Option(help=f"Only requests that are: {', '.join(STAGES)}. May be given several times."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that have ended as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """The requests that are under way: how far each is, who is on its shortlist, and why it has nobody."""
    unknown = sorted(set(stage or ()) - set(STAGES))
    if unknown:
        console.stop(f"there is no stage {unknown[0]!r}; there are {', '.join(STAGES)}", code=2)
    stages = tuple(stage) if stage else () if everything else UNDER_WAY
    asked, why = asyncio.run(_load(stages))
    for one in asked:
        nobody = why.get(one.request.id)
        print(json.dumps(_as_row(one, nobody), ensure_ascii=False) if as_json else _as_text(one, nobody))
    if not asked and not as_json:
        print("No such request." if stage else "No request is under way.")


def show_metrics(as_json: AsJson = False) -> None:
    """Days from a request to its proposal, answer, introduction and outcome: the median of those that got there, with
    the number still open beside it; over all, by kind, by borough and by both. Small numbers are withheld."""
    cells = metrics(asyncio.run(_load_courses()))
    if as_json:
        for cell in cells:
            print(json.dumps({**asdict(cell), "borough_name": _borough(cell.borough)}, ensure_ascii=False))
        return
    if not cells:
        print("Nobody has asked for anything yet.")
        return
    print(f"{'':34}{'requests':>9}" + "".join(f"{f'days to {step}':>24}" for step in STEPS))
    for cell in cells:
        if cell.requests is None:
            continue
        name = f"{_borough(cell.borough)}, {cell.kind}"
        waits = "".join(f"{_wait(wait):>24}" for wait in cell.waits.values())
        print(f"{name[:34]:34}{cell.requests:>9}{waits}")
    withheld = sum(cell.requests is None for cell in cells)
    print(
        f"\nMedian (requests still open). <{FEWEST}: fewer than {FEWEST}; -: none. Rows withheld: {withheld}."
    )


async def _load_courses() -> Sequence[Course]:
    async with console.database() as connection:
        return await figures.load_courses(connection)


async def _load(stages: Sequence[str]) -> tuple[Sequence[Asked], dict[str, Shortlist]]:
    """The requests, and for those who have nobody why, as it is now."""
    settings = console.settings()
    async with console.database() as connection:
        asked = await figures.load_requests(connection, stages=stages)
        waiting = [one.request for one in asked if one.stage == "open"]
        if not waiting:
            return asked, {}
        people = Candidates(one.now for one in await store.load_changed_supporters(connection, since=0))
    rules, today = settings.rules(), console.today()
    return asked, {one.id: shortlist(one, people, today=today, rules=rules) for one in waiting}


def _as_row(one: Asked, nobody: Shortlist | None) -> dict[str, object]:
    request, match = one.request, one.match
    return {
        "request_id": request.id,
        "match_id": match.id if match else None,
        "kind": request.kind,
        "purpose": request.purpose,
        "borough": request.borough,
        "standard_role": request.standard_role,
        "need_by": request.need_by.isoformat() if request.need_by else None,
        "stage": one.stage,
        "since": match.model_dump(mode="json")["proposed_at"] if match else None,
        "shortlist": [candidate.supporter_id for candidate in match.shortlist] if match else [],
        "accepted": match.accepted.supporter_id if match and match.accepted else None,
        "follow_ups": [item.model_dump(mode="json") for item in match.follow_ups] if match else [],
        "outcome": match.outcome.model_dump(mode="json") if match and match.outcome else None,
        "why": match.why if match else None,
        "why_nobody": [left.model_dump(mode="json") for left in nobody.left_out] if nobody else [],
        "why_nobody_counts": [count.model_dump(mode="json") for count in nobody.counts] if nobody else [],
    }


def _as_text(one: Asked, nobody: Shortlist | None) -> str:
    request, match = one.request, one.match
    about = f" for {request.standard_role}" if request.standard_role else ""
    due = f", needed by {day(request.need_by)}" if request.need_by else ""
    line = f"{request.id}  {borough_named(request.borough)}: {named(request.kind)}{about}{due}  {one.stage}"
    if match and one.stage == "proposed":
        names = ", ".join(candidate.supporter_id for candidate in match.shortlist)
        return f"{line}: {names}\n   match {match.id}"
    if match and match.accepted:
        came = f"; {match.outcome.result}" if match.outcome else ""
        return f"{line} with {match.accepted.supporter_id}{came}\n   match {match.id}"
    if nobody is None:
        return f"{line}. {match.why}" if match and match.why else line
    if not nobody.left_out:
        return f"{line}\n   Nobody is listed as {named(request.kind)} yet."
    told = [f"   {left.supporter_id}  {left.why}" for left in nobody.left_out[:5]]
    more = [f"   {count.supporters:>7}  {count.why}" for count in nobody.counts]
    return "\n".join([line, *told, *(["   Of all:", *more] if len(nobody.left_out) > 5 else [])])


def _borough(gss: str) -> str:
    return "London" if gss == EVERYTHING else borough_named(gss)


def _wait(wait: Wait) -> str:
    days = "-" if wait.there == 0 else f"<{FEWEST} cases" if wait.days is None else f"{wait.days:g}"
    still = f"<{FEWEST}" if wait.still_open is None else str(wait.still_open)
    return f"{days} ({still} open)"
