"""Signing in by a mailed link, and signing out."""

from types import MappingProxyType

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.portal.saying.say import audit
from services.portal.signin import links
from services.portal.signin.addresses import NotAnAddress, read_address
from services.portal.signin.answering import SENT, answer_by_mail
from services.portal.signin.first_visit import Choices, Faults, Who, choices, who_is_it
from services.portal.signin.forms import posted
from services.portal.signin.people import people_at, welcome
from services.portal.signin.sessions import sessions_of
from services.portal.signin.visitor import Visitor
from services.portal.signin.ways import own_path
from services.portal.web.frame import page
from services.portal.web.site import site_of, visitor_of

router = APIRouter(include_in_schema=False)
_NO_FAULTS: Faults = MappingProxyType({})


@router.get("/sign-in")
async def sign_in(request: Request) -> Response:
    """Asks for an address; `?next=` is the page to go on to. Who is signed in goes on at once."""
    back_to = own_path(request.query_params.get("next", ""))
    if visitor_of(request).signed_in:
        return RedirectResponse(back_to, status_code=303)
    return _asks(request, back_to)


@router.post("/sign-in")
async def ask_for_link(request: Request) -> Response:
    """Sends a link, if the address is one that may sign in; the answer is the same for all."""
    form = await posted(request)
    back_to, typed = own_path(form.text("next")), form.text("email", most=1_000)
    try:
        address = read_address(typed)
    except NotAnAddress as error:
        return _asks(request, back_to, typed=typed, fault=str(error))
    return await answer_by_mail(request, address, back_to=back_to)


@router.get(SENT)
async def sent(request: Request) -> Response:
    """Says what to look for in the inbox."""
    minutes = round(site_of(request).settings.link_minutes)
    return page(request, "signin/sent.html", title="Check your email", minutes=minutes)


@router.get("/sign-in/{token}")
async def show_link(request: Request, token: str) -> Response:
    """Asks whether to sign in: programs that look at mails open links, too."""
    site = site_of(request)
    link = await links.look(site.pool, token, now=site.now())
    if link is None:
        return _over(request)
    return _link_page(request, link, choices(link.address, await people_at(site.pool, link.address)))


@router.post("/sign-in/{token}")
async def use_link(request: Request, token: str) -> Response:
    """Signs in, once."""
    form = await posted(request)
    site, now = site_of(request), site_of(request).now()
    sessions = sessions_of(site.settings)
    async with site.pool.acquire() as tx, tx.transaction():
        link = await links.look(tx, token, now=now)
        if link is None:
            return _over(request)
        may = choices(link.address, await people_at(tx, link.address))
        who = who_is_it(form, may)
        if not isinstance(who, Who):
            return _link_page(request, link, may, who, typed=form.text("name"))
        if await links.use(tx, token, now=now) is None:  # somebody else was quicker
            return _over(request)
        contact_id = who.contact_id or (await welcome(tx, link.address, who.name, who.borough)).contact_id
        if before := request.state.session:
            await sessions.end(tx, before)
        cookie = await sessions.begin(tx, contact_id, link.address.key, now=now)
        await audit(tx, Visitor(contact_id), "signed in")
    answer = RedirectResponse(link.back_to, status_code=303)
    cookies = sessions.cookies
    lasts = int(sessions.lasts.total_seconds())
    answer.headers.append("Set-Cookie", cookies.set(cookies.session, cookie, seconds=lasts))
    answer.headers.append("Set-Cookie", cookies.drop(cookies.browser))
    return answer


@router.get("/sign-out")
async def ask_to_sign_out(request: Request) -> Response:
    """A button, for whoever comes by an address."""
    if not visitor_of(request).signed_in:
        return RedirectResponse("/", status_code=303)
    return page(request, "signin/sign_out.html", title="Do you want to sign out?")


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session here; others of the same person go on."""
    visitor, site = visitor_of(request), site_of(request)
    answer = RedirectResponse("/", status_code=303)
    if not visitor.signed_in:
        return answer  # its session ended before: that is what was wanted
    await posted(request)
    sessions = sessions_of(site.settings)
    async with site.pool.acquire() as tx, tx.transaction():
        await sessions.end(tx, request.state.session)
        await audit(tx, visitor, "signed out")
    answer.headers.append("Set-Cookie", sessions.cookies.drop(sessions.cookies.session))
    return answer


def _asks(request: Request, back_to: str, *, typed: str = "", fault: str = "") -> Response:
    return page(
        request,
        "signin/sign_in.html",
        title="Sign in",
        status=422 if fault else 200,
        back_to=back_to,
        typed=typed,
        fault=fault,
    )


def _link_page(
    request: Request, link: links.Link, may: Choices, faults: Faults = _NO_FAULTS, *, typed: str = ""
) -> Response:
    if may.nobody:
        return _over(request)
    answer = page(
        request,
        "signin/link.html",
        title="Sign in",
        status=422 if faults else 200,
        email=link.address.email,
        hours=site_of(request).settings.session_hours,
        may=may,
        faults=faults,
        typed=typed,
    )
    answer.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
    return answer


def _over(request: Request) -> Response:
    """A link that was used, has ended or never was: nobody learns which."""
    return page(request, "signin/over.html", title="This link does not work any more", status=410)
