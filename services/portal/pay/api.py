"""Benchmarks for programs: `/api/benchmarks`."""

import json
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from loti_contracts.events import Benchmark
from services.portal.pay import store
from services.portal.pay.asked import asked
from services.portal.web.site import site_of

router = APIRouter(prefix="/api/benchmarks", tags=["pay"])


class Benchmarks(BaseModel):
    """Some cells, by id, whole as their events had them; amounts in pence of the cell's period."""

    benchmarks: list[Benchmark]
    next: Annotated[str | None, Field(description="Ask again with `after` set to this; null: that was all.")]


@router.get("", response_model=Benchmarks)
async def benchmarks(
    request: Request,
    role: str = Query("", description="A standard role, exactly as the framework names it."),
    level: str = Query("", description="A level, or `all` (all levels together)."),
    area: str = Query("", description="inner, outer or london (both)."),
    period: str = Query("", description="year or day."),
    after: str = Query("", description="Only what follows this id.", max_length=200),
    most: int = Query(100, ge=1, le=500, description="How many at most."),
) -> Response:
    """The cells that were asked for; what is empty lets everything through."""
    question = asked(request.query_params)
    if question.hints:
        raise HTTPException(422, question.complaint)
    async with site_of(request).pool.acquire() as db:
        found = await store.states(
            db,
            role=question.role,
            level=question.level,
            area=question.area if area else None,
            period=question.period if period else None,
            after=after.replace("\0", ""),
            most=most + 1,
        )
    some, more = found[:most], len(found) > most
    # As the events had them: what was read from JSON a moment ago is not made anew.
    following = json.dumps(some[-1][0] if more else None)
    body = f'{{"benchmarks":[{",".join(state for _, state in some)}],"next":{following}}}'
    return Response(body, media_type="application/json")


@router.get("/{benchmark_id}", response_model=Benchmark)
async def benchmark(request: Request, benchmark_id: str) -> Response:
    """One cell."""
    async with site_of(request).pool.acquire() as db:
        found = await store.cell(db, benchmark_id.replace("\0", ""))
    if found is None:
        raise HTTPException(404, "There is no pay benchmark of that name.")
    return Response(found.model_dump_json(), media_type="application/json")
