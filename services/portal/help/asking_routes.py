"""The pages where a borough asks for help, and where it asks otherwise."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from loti_contracts.events import Request as Asked
from services.portal.help import asking, saying
from services.portal.help.kinds import HELP, PURPOSES, Kind, kind_of
from services.portal.help.looking_up import address, known_to_visitor, ruled_out_by_name, today_of
from services.portal.help.prefilling import prefilled, who_asks, whom_to_introduce
from services.portal.help.standing import standing
from services.portal.help.values import Fault, Reading, Values, one
from services.portal.help.vocabulary import by_name, example_day, level_options, roles_to_choose
from services.portal.signin.forms import Form, posted
from services.portal.signin.guard import needs
from services.portal.web.frame import page
from services.portal.web.site import site_of, visitor_of

router = APIRouter()

_BESIDE = ("borough", "asks", "form_id", "revision")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class _Page:
    """A form as it is shown: what is asked, what stands in it, and what it changes."""

    kind: Kind
    title: str
    values: Values
    supporters: Sequence[tuple[str, str]]
    """Who may be ruled out: id and name."""
    faults: Sequence[Fault] = ()
    before: Asked | None = None
    again: bool = False


@router.get("/help/ask/{kind}", response_class=HTMLResponse)
async def ask_page(request: Request, kind: str) -> HTMLResponse:
    """The form, filled from an advert (`role`), or from an earlier request (`like`)."""
    visitor = needs(request, "borough member")
    it = _kind(kind)
    async with site_of(request).pool.acquire() as connection:
        values: Values = await prefilled(connection, visitor, dict(request.query_params))
        supporters = await ruled_out_by_name(connection, visitor, visitor.borough, it.kind)
    begun = {"purpose": it.purposes[:1], **values, "form_id": (uuid.uuid4().hex,)}
    return _form(request, _Page(it, it.title, begun, supporters))


@router.post("/help/ask/{kind}", response_class=HTMLResponse)
async def ask(request: Request, kind: str) -> Response:
    """Ask for help: state the request, and go to its page."""
    visitor = needs(request, "borough member")
    it, site = _kind(kind), site_of(request)
    values = _values(await posted(request))
    form = Reading(values)
    async with site.pool.acquire() as tx, tx.transaction():
        who = await who_asks(tx, visitor, form)
        supporters = await ruled_out_by_name(tx, visitor, who["borough"], it.kind)
        asked = asking.read(
            it, values, today=today_of(site), known_supporters=[id_ for id_, _ in supporters], before=None
        )
        if faults := (*form.faults, *asked.faults):
            return _form(request, _Page(it, it.title, values, supporters, faults))
        id_ = saying.id_of_form(visitor, one(values, "form_id"), "request")
        await saying.ask(tx, visitor, id_, {**asked.fields, **who, "kind": it.kind}, now=site.now())
    return RedirectResponse(address(id_), status_code=303)


@router.get("/help/requests/{request_id}/change", response_class=HTMLResponse)
async def change_page(request: Request, request_id: str) -> HTMLResponse:
    """The form with what was asked, to ask otherwise or again."""
    visitor = needs(request, "borough member")
    async with site_of(request).pool.acquire() as connection:
        known = await known_to_visitor(connection, visitor, request_id)
        supporters = await ruled_out_by_name(
            connection, visitor, known.request.borough, known.request.kind, known
        )
    stands = standing(known)
    if not (stands.can_change or stands.can_ask_again):
        raise HTTPException(404)
    before = known.request
    values = {**asking.values_of(before), "revision": (str(before.revision),)}
    shown = _Page(
        HELP[before.kind],
        _title(before, stands.can_ask_again),
        values,
        supporters,
        before=before,
        again=stands.can_ask_again,
    )
    return _form(request, shown)


@router.post("/help/requests/{request_id}/change", response_class=HTMLResponse)
async def change(request: Request, request_id: str) -> Response:
    """Ask otherwise, or again."""
    visitor, site = needs(request, "borough member"), site_of(request)
    values = _values(await posted(request))
    async with site.pool.acquire() as tx, tx.transaction():
        known = await known_to_visitor(tx, visitor, request_id)
        before, stands = known.request, standing(known)
        supporters = await ruled_out_by_name(tx, visitor, before.borough, before.kind, known)
        known_supporters = [id_ for id_, _ in supporters]
        asked = asking.read(
            HELP[before.kind],
            values,
            today=today_of(site),
            known_supporters=known_supporters,
            before=before,
        )
        again = stands.can_ask_again
        title = _title(before, again)
        if asked.faults:
            shown = _Page(HELP[before.kind], title, values, supporters, asked.faults, before, again)
            return _form(request, shown)
        if stands.can_change or again:
            fields = {**asked.fields, **whom_to_introduce(visitor, values)}
            opened = {"status": "open"} if again else {}
            seen = one(values, "revision")
            revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
            await saying.ask_otherwise(tx, visitor, before.id, revision, {**fields, **opened}, now=site.now())
    return RedirectResponse(address(request_id), status_code=303)


def _form(request: Request, shown: _Page) -> HTMLResponse:
    before = shown.before
    return page(
        request,
        "help/ask.html",
        title=shown.title,
        status=422 if shown.faults else 200,
        kind=shown.kind,
        values=shown.values,
        faults=shown.faults,
        wrong={fault.field: fault.words for fault in reversed(shown.faults)},
        supporters=shown.supporters,
        before=before,
        before_address=address(before.id) if before else "",
        mine=before is not None and before.contact_id == visitor_of(request).contact_id,
        again=shown.again,
        role_options=[(name, name) for name in roles_to_choose(before.standard_role if before else None)],
        level_options=level_options(before.level if before else None),
        purposes_of_kind=[(name, PURPOSES[name]) for name in asking.purposes(shown.kind, before)],
        boroughs=[(gss, authority.name) for gss, authority in by_name()],
        example_day=example_day(today_of(site_of(request))),
    )


def _title(before: Asked, again: bool) -> str:
    what = "Ask again for" if again else "Change your request for"
    return f"{what} {HELP[before.kind].one}"


def _kind(name: str) -> Kind:
    kind = kind_of(name)
    if kind is None:
        raise HTTPException(404)
    return kind


def _values(form: Form) -> Values:
    return {name: form.all(name, most=_LONGEST) for name in asking.field_names(_BESIDE)}
