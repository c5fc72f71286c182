"""`loti matching shortlist`: who could help with a request, and why the others not."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from loti_contracts.events import Request
from services.matching import console, market, store
from services.matching.candidates import Candidates
from services.matching.cases import SupportPack
from services.matching.names import day
from services.matching.reading import BadFile, read_request, read_supporters
from services.matching.shortlist import TOLD, Shortlist, shortlist
from services.matching.support_pack import support_pack


def show_shortlist(
    request_file: Annotated[
        Path, typer.Argument(metavar="REQUEST.json", help="One request as JSON; - reads stdin.")
    ],
    supporters: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Supporters, one JSON object a line; - reads stdin. Without it: those of the running service.",
        ),
    ] = None,
    today: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day to reckon from; today if not given."),
    ] = None,
    size: Annotated[int | None, typer.Option(min=1, max=100, help="How many are proposed.")] = None,
    everybody: Annotated[
        bool,
        typer.Option("--all", help="The reason of everyone who is left out, not of the nearest 50 alone."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")] = False,
) -> None:
    """Rank the supporters for the request in a file, each part of the score with its reason, and tell why the others
    are left out. Nothing is proposed to anybody. With --supporters no server is needed; without it the database of the
    service is read (LOTI_DATABASE), and a request for a recruiter gets its support pack."""
    if supporters is not None and str(supporters) == str(request_file) == "-":
        console.stop("request and supporters cannot both come from stdin; give one of them as a file", code=2)
    rules = console.settings().rules()
    if size is not None:
        rules = type(rules)(rules.weights, size, rules.fresh_for)
    try:
        request = read_request(console.text_of(request_file), name=str(request_file))
        if supporters is None:
            people, pack = asyncio.run(_from_the_database(request))
        else:
            listed = read_supporters(console.text_of(supporters), name=str(supporters))
            people, pack = Candidates(listed), SupportPack()
    except BadFile as error:
        console.stop(str(error))
    found = shortlist(
        request,
        people,
        today=today.date() if today else console.today(),
        rules=rules,
        tell=None if everybody else TOLD,
    )
    if as_json:
        print(json.dumps(_as_row(request, found, pack), ensure_ascii=False))
    else:
        _print(found, pack)


async def _from_the_database(request: Request) -> tuple[Candidates, SupportPack]:
    async with console.database() as connection:
        people = Candidates(one.now for one in await store.load_changed_supporters(connection, since=0))
        if request.standard_role is None:
            return people, SupportPack()
        benchmarks = await market.load_benchmarks(connection, request.standard_role)
        live = await market.load_live_roles(connection, request.standard_role)
        return people, support_pack(request, benchmarks, live)


def _as_row(request: Request, found: Shortlist, pack: SupportPack) -> dict[str, object]:
    return {
        "request_id": request.id,
        "candidates": [candidate.model_dump(mode="json") for candidate in found.candidates],
        "left_out": [one.model_dump(mode="json") for one in found.left_out],
        "left_out_counts": [one.model_dump(mode="json") for one in found.counts],
        "benchmark": pack.benchmark.model_dump(mode="json") if pack.benchmark else None,
        "similar_roles": [one.model_dump(mode="json") for one in pack.similar_roles],
    }


def _print(found: Shortlist, pack: SupportPack) -> None:
    if not found.candidates:
        print("Nobody can be proposed.")
    for place, candidate in enumerate(found.candidates, start=1):
        print(f"{place}. {candidate.supporter_id}  {candidate.score:.2f}")
        for reason in candidate.reasons:
            print(f"     {reason.part} {reason.score:.2f} × {reason.weight:.2f}  {reason.sentence}")
    if pack.benchmark:
        figures = pack.benchmark
        print(
            f"\nBenchmark: {figures.standard_role}, {figures.level}, {figures.area}: £{figures.p25 / 100:,.0f} to "
            f"£{figures.p75 / 100:,.0f} a year, middle £{figures.p50 / 100:,.0f} ({figures.adverts} advert{'s' * (figures.adverts != 1)})"
        )
    if pack.similar_roles:
        print("\nLive roles like it:")
    for role in pack.similar_roles:
        closes = f", closes {day(role.closes_on)}" if role.closes_on else ""
        print(f"   {role.title} · {', '.join(role.authorities)} · {role.pay or 'no pay printed'}{closes}")
    if found.left_out:
        print("\nNot proposed:")
    for one in found.left_out:
        print(f"   {one.supporter_id}  {one.why}")
    untold = sum(count.supporters for count in found.counts) - len(found.left_out)
    if untold > 0:
        print(f"   … and {untold} more (--all tells of each). Of all who are left out:")
        for count in found.counts:
            print(f"   {count.supporters:>7}  {count.why}")
