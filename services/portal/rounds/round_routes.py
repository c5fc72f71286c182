"""The pages of one round, for LOTI's staff: look at it, run it again with other rules, publish it, call it off."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from loti_contracts.events import RoundResult
from services.portal.rounds import adjusting, saying, store
from services.portal.rounds.adjusting import CHOICES, HIGHEST_SEED, Typed
from services.portal.rounds.asking import Fault
from services.portal.rounds.listing import page_number
from services.portal.rounds.naming import Names
from services.portal.rounds.shown import pages, rules, shown
from services.portal.rounds.store import Held
from services.portal.rounds.vocabulary import KINDS, standing
from services.portal.saying.say import Stale
from services.portal.signin.forms import Form, posted
from services.portal.signin.guard import needs
from services.portal.signin.visitor import Visitor
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{round_id}", response_class=HTMLResponse)
async def round_page(request: Request, round_id: str) -> HTMLResponse:
    """How a round comes out, and what can be done about it."""
    needs(request, "LOTI staff")
    held, names = await _held(request, round_id)
    return _page(request, held, names)


@router.post("/rounds/{round_id}", response_class=HTMLResponse)
async def adjust(request: Request, round_id: str) -> Response:
    """Run the round again with what was changed, and go back to its page."""
    visitor = needs(request, "LOTI staff")
    held, names = await _held(request, round_id)
    form = await posted(request)
    _same(held, form)
    if not standing(held.round, held.result).can_adjust:
        raise Stale(f"{round_id} cannot be adjusted any more")
    result = held.result
    typed = _typed(form, result)
    fields, faults = adjusting.read(
        typed,
        held.round,
        result.pairs if result else (),
        [one.request_id for one in result.not_paired] if result else (),
        requests=[one.id for one in names.requests()],
        supporters=[one.id for one in names.supporters()],
    )
    if faults:
        return _page(request, held, names, typed=typed, faults=faults)
    return await _restated(request, visitor, held, fields, what="ran a round again")


@router.get("/rounds/{round_id}/publish", response_class=HTMLResponse)
async def publish_page(request: Request, round_id: str) -> Response:
    """What publishing does, to be confirmed."""
    needs(request, "LOTI staff")
    held, names = await _held(request, round_id)
    if not standing(held.round, held.result).can_publish or held.result is None:
        return _back(round_id)
    return page(
        request,
        "rounds/publish.html",
        title=f"Publish “{held.round.title}”?",
        held=held,
        kind=KINDS[held.round.kind],
        shown=shown(held.result, names),
    )


@router.post("/rounds/{round_id}/publish", response_class=HTMLResponse)
async def publish(request: Request, round_id: str) -> Response:
    """Publish the result that was looked at."""
    visitor = needs(request, "LOTI staff")
    held, _ = await _held(request, round_id)
    form = await posted(request)
    _same(held, form)
    if not standing(held.round, held.result).can_publish or held.result is None:
        raise Stale(f"{round_id} cannot be published now")
    fields = {"status": "published", "result_revision": held.result.revision}
    return await _restated(request, visitor, held, fields, what="published a round")


@router.get("/rounds/{round_id}/call-off", response_class=HTMLResponse)
async def call_off_page(request: Request, round_id: str) -> Response:
    """What calling it off does, to be confirmed."""
    needs(request, "LOTI staff")
    held, _ = await _held(request, round_id)
    if not standing(held.round, held.result).can_call_off:
        return _back(round_id)
    return page(request, "rounds/call_off.html", title=f"Call “{held.round.title}” off?", held=held)


@router.post("/rounds/{round_id}/call-off", response_class=HTMLResponse)
async def call_off(request: Request, round_id: str) -> Response:
    """Call the round off."""
    visitor = needs(request, "LOTI staff")
    held, _ = await _held(request, round_id)
    form = await posted(request)
    _same(held, form)
    if not standing(held.round, held.result).can_call_off:
        raise Stale(f"{round_id} cannot be called off now")
    return await _restated(request, visitor, held, {"status": "cancelled"}, what="called a round off")


async def _held(request: Request, round_id: str) -> tuple[Held, Names]:
    async with site_of(request).pool.acquire() as connection:
        held = await store.load_round(connection, round_id)
        if held is None:
            raise HTTPException(404)
        return held, await store.load_names(connection, held)


def _same(held: Held, form: Form) -> None:
    """Whether the form was made for the round and the result as they are now. Raises Stale."""
    seen = (str(held.round.revision), str(held.result.revision if held.result else 0))
    if (form.text("revision"), form.text("result_revision")) != seen:
        raise Stale(f"{held.round.id} was changed meanwhile")


def _typed(form: Form, result: RoundResult | None) -> Typed:
    count = len(result.pairs) if result else 0
    chosen = {at: form.text(f"pair-{at}") for at in range(count) if form.has(f"pair-{at}")}
    return Typed(
        pairs={at: what for at, what in chosen.items() if what in CHOICES and what},
        left_out=tuple(
            int(at) for at in form.all("left_out") if at.isascii() and at.isdigit() and len(at) < 7
        ),
        lift=form.all("lift"),
        request=form.text("request"),
        supporter=form.text("supporter"),
        two=form.text("two"),
        related_only=form.has("related_only"),
        seed=form.text("seed"),
    )


def _page(
    request: Request, held: Held, names: Names, *, typed: Typed | None = None, faults: Sequence[Fault] = ()
) -> HTMLResponse:
    round_, result = held.round, held.result
    last = pages(result) if result else 1
    number = min(page_number(request), last)
    return page(
        request,
        "rounds/round.html",
        title=f"{'Error: ' if faults else ''}{round_.title}",
        status=422 if faults else 200,
        held=held,
        heading=round_.title,
        kind=KINDS[round_.kind],
        standing=standing(round_, result),
        shown=shown(result, names, page=number) if result else None,
        rules=rules(round_, names),
        remedies=[names.in_words(one) for one in result.remedies] if result else [],
        choices=CHOICES,
        people=names.requests(),
        helpers=names.supporters(),
        typed=typed or Typed(related_only=round_.related_only, seed=str(round_.seed)),
        highest_seed=HIGHEST_SEED,
        faults=faults,
        wrong={fault.field: fault.words for fault in faults},
        number=number,
        last=last,
    )


async def _restated(
    request: Request, visitor: Visitor, held: Held, fields: Mapping[str, Any], *, what: str
) -> Response:
    site = site_of(request)
    async with site.pool.acquire() as tx, tx.transaction():
        await saying.restate(tx, visitor, held.round, fields, what=what, now=site.now())
    return _back(held.round.id)


def _back(round_id: str) -> Response:
    return RedirectResponse(f"/rounds/{quote(round_id, safe='')}", status_code=303)
