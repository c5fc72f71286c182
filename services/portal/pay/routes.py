"""The pages of the pay explorer."""

from typing import Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from loti_contracts.vocabulary import authorities, standard_roles
from services.portal.pay import api, in_words, offers, rows, store, trend_chart
from services.portal.pay.asked import AREAS, EVERY_LEVEL, PERIODS, Asked, asked
from services.portal.web.frame import page
from services.portal.web.site import site_of, visitor_of

router = APIRouter()
router.include_router(api.router)


@router.get("/pay", include_in_schema=False)
async def explorer(request: Request) -> HTMLResponse:
    """Every role at a level, or every level of a role: a range chart and its table."""
    question = asked(request.query_params)
    async with site_of(request).pool.acquire() as db:
        cells = await store.cells(db, question)
        known = await store.roles_with_pay(db)
    by_role = question.role is None
    groups = rows.by_family(cells) if by_role else [(question.role or "", rows.by_level(cells))]
    return page(
        request,
        "pay/explorer.html",
        title=_title(question),
        asked=question,
        groups=[
            {"name": name, "cells": some, "chart": rows.chart(some, by_role=by_role, among=cells)}
            for name, some in groups
            if some
        ],
        by_role=by_role,
        roles=sorted(known | ({question.role} if question.role else set())),
        levels=EVERY_LEVEL,
        areas=AREAS,
        periods=PERIODS,
        words=in_words,
        rows=rows,
    )


@router.get("/pay.csv")
async def as_csv(
    request: Request,
    role: str = Query(
        "", description="A standard role, exactly as the framework names it; empty: every role."
    ),
    level: str = Query("", description="A level, or `all` (all levels together); empty: every cell."),
    area: str = Query("", description="inner, outer or london (both); empty: every cell."),
    period: str = Query("", description="year or day; empty: both."),
) -> Response:
    """The figures as a table, a line for each cell that says anything; amounts in pounds of the cell's
    period."""
    question = asked(request.query_params)
    if question.hints:
        raise HTTPException(422, question.complaint)
    async with site_of(request).pool.acquire() as db:
        table = await store.table(
            db,
            role=question.role,
            level=question.level,
            area=question.area if area else None,
            period=question.period if period else None,
        )
    name = {"Content-Disposition": 'attachment; filename="pay-benchmarks.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=name)


@router.get("/pay/method", include_in_schema=False)
async def method(request: Request) -> HTMLResponse:
    """How the figures are made."""
    return page(request, "pay/method.html", title="How the pay figures are made", words=in_words)


@router.get("/pay/{benchmark_id}", include_in_schema=False)
async def cell(request: Request, benchmark_id: str) -> HTMLResponse:
    """All that is known of one cell, and a borough's own offers beside it (`?borough=` its GSS code)."""
    borough = _borough(request)
    async with site_of(request).pool.acquire() as db:
        found = await store.cell(db, _printable(benchmark_id))
        if found is None:
            raise HTTPException(404, "There is no pay benchmark of that name.")
        areas = await store.areas_near(db, found)
        moves = await store.moves(db, found.id)
        signals = await store.signals(db, found.id)
        adverts = await store.adverts(db, found)
        theirs = await store.offers_of(db, borough, found) if borough else []
    beside = offers.beside(theirs, found)
    months = found.trend.months if found.trend else ()
    return page(
        request,
        "pay/cell.html",
        title=f"Pay: {in_words.heading(found)}",
        cell=found,
        words=in_words,
        ends=rows.ends(found),
        chart=rows.ends_chart(found),
        shown=rows.shown,
        months=months,
        month=trend_chart.named,
        trend=trend_chart.placed(months, found.period),
        areas=areas,
        area_names=AREAS,
        up=Asked(found.standard_role, None, found.area, found.period),
        moves=moves,
        signals=signals,
        adverts=adverts,
        borough=borough,
        boroughs=sorted(authorities().values(), key=lambda one: one.name),
        offers=beside,
        offers_chart=offers.chart(beside, found),
        described=standard_roles().get(found.standard_role),
    )


def _title(question: Asked) -> str:
    return f"Pay: {question.role}" if question.role else "Pay"


def _borough(request: Request) -> str | None:
    """Whose offers are compared: the one that was chosen, else the visitor's own."""
    chosen: Any = request.query_params.get("borough", visitor_of(request).borough)
    return chosen if chosen in authorities() else None


def _printable(id_: str) -> str:
    """PostgreSQL has no text with a NUL in it, and so no such id."""
    return id_.replace("\0", "")
