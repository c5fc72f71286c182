"""A person's own pages: what it hears of, and how it leaves."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.portal.own import asking_routes, store, told_routes
from services.portal.own.export import export
from services.portal.own.form import Chosen, Form, Problem, Search, asked_too, shown, typed, with_search
from services.portal.own.form_read import offers, read
from services.portal.own.mine import filters, standing
from services.portal.own.searches import read_asked
from services.portal.own.store import Person
from services.portal.own.topics import OFTEN, Topic, offered
from services.portal.signin.forms import posted
from services.portal.signin.guard import SignInFirst, needs
from services.portal.signin.sessions import sessions_of
from services.portal.signin.visitor import Visitor
from services.portal.signin.ways import sign_in_path
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter(include_in_schema=False)
router.include_router(told_routes.router)
router.include_router(asking_routes.router)


@router.get("/me")
async def show(request: Request) -> Response:
    """What somebody hears of; what the address asks for stands in the form, to be saved."""
    visitor = needs(request)
    async with site_of(request).pool.acquire() as tx:
        who = await _person(tx, visitor)
    topics = _topics(who, visitor)
    asked = read_asked(request.query_params.multi_items())
    before = shown(who.contact.name, who.wishes, topics)
    form = asked_too(before, asked, topics)
    return _page(request, who, form, topics, saved="saved" in request.query_params, unsaved=form != before)


@router.post("/me")
async def save(request: Request) -> Response:
    """Saves the choice, which is a yes; or shows the form with one more search."""
    visitor, site = needs(request), site_of(request)
    sent = await posted(request)
    async with site.pool.acquire() as tx, tx.transaction():
        who = await _person(tx, visitor)
        topics = _topics(who, visitor)
        form = typed(sent, topics)
        if sent.has("more"):
            return _page(request, who, with_search(form, Search()), topics)
        chosen = read(form, topics, who.wishes)
        if not isinstance(chosen, Chosen):
            return _page(request, who, form, topics, problems=chosen)
        await store.choose(tx, visitor, chosen, now=site.now())
    return RedirectResponse("/me?saved=yes", status_code=303)


@router.get("/me/data")
async def download(request: Request) -> Response:
    """All that the portal holds on whoever is signed in, to keep."""
    visitor, site = needs(request), site_of(request)
    async with site.pool.acquire() as tx:
        await _person(tx, visitor)
        text = await export(tx, visitor.contact_id or "", now=site.now())
    headers = {"Content-Disposition": 'attachment; filename="what-we-hold-on-you.json"'}
    return Response(text, media_type="application/json", headers=headers)


@router.get("/me/stop")
async def ask_to_stop(request: Request) -> Response:
    """Asks once more."""
    needs(request)
    return page(request, "own/stop.html", title="Do you want no more emails?")


@router.post("/me/stop")
async def stop(request: Request) -> Response:
    """Unsubscribes from everything; when and how many mails may come stays, for what one takes part in."""
    visitor, site = needs(request), site_of(request)
    await posted(request)
    async with site.pool.acquire() as tx, tx.transaction():
        wishes = (await _person(tx, visitor)).wishes
        nothing = Chosen("", (), wishes.quiet_hours, wishes.most_a_day)
        await store.choose(tx, visitor, nothing, now=site.now())
    return RedirectResponse("/me?saved=yes", status_code=303)


@router.get("/me/forget")
async def ask_to_forget(request: Request) -> Response:
    """Asks once more, and says what goes and what stays."""
    needs(request)
    return page(request, "own/forget.html", title="Do you want to be forgotten?", fault="")


@router.post("/me/forget")
async def forget(request: Request) -> Response:
    """Forgets the person, here and everywhere, and signs it out."""
    visitor, site = needs(request), site_of(request)
    sent = await posted(request)
    if sent.text("sure") != "yes":
        fault = "Say that you are sure, or go back"
        return page(request, "own/forget.html", title="Do you want to be forgotten?", status=422, fault=fault)
    async with site.pool.acquire() as tx, tx.transaction():
        await store.forget_me(tx, visitor)
    answer = RedirectResponse("/me/forgotten", status_code=303)
    cookies = sessions_of(site.settings).cookies
    answer.headers.append("Set-Cookie", cookies.drop(cookies.session))
    return answer


@router.get("/me/forgotten")
async def forgotten(request: Request) -> Response:
    """The last page that somebody sees."""
    return page(request, "own/forgotten.html", title="You are forgotten")


async def _person(tx: Any, visitor: Visitor) -> Person:
    """Raises SignInFirst where it was forgotten since the page began."""
    try:
        return await store.person(tx, visitor.contact_id or "")
    except store.Forgotten as error:
        raise SignInFirst(sign_in_path("/me")) from error


def _topics(who: Person, visitor: Visitor) -> tuple[Topic, ...]:
    chosen, kinds = who.wishes.subscriptions, visitor.kinds
    return offered(chosen, borough="borough member" in kinds, staff="LOTI staff" in kinds)


def _page(
    request: Request,
    who: Person,
    form: Form,
    topics: tuple[Topic, ...],
    *,
    problems: tuple[Problem, ...] = (),
    saved: bool = False,
    unsaved: bool = False,
) -> Response:
    return page(
        request,
        "own/me.html",
        title="What you hear from us",
        status=422 if problems else 200,
        who=who.contact,
        standing=standing(who.wishes),
        form=form,
        topics=topics,
        filters=filters(offers(who.wishes)),
        often=tuple(OFTEN.items()),
        problems=problems,
        faults={one.field: one.text for one in reversed(problems)},
        saved=saved,
        unsaved=unsaved,
    )
