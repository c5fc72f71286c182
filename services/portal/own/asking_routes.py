"""The page where anybody asks for emails. An address that we do not know is asked by mail whether it wants them; one that
we know gets a link to its own page. Nobody can tell here which of the two it is."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from loti_contracts.events import Subscription
from services.portal.own.searches import FIELDS, Asked, read_asked
from services.portal.own.topics import OFTEN, ROLES, Topic, for_anybody, name_of, narrowed
from services.portal.signin.addresses import NotAnAddress, read_address
from services.portal.signin.answering import answer_by_mail
from services.portal.signin.asking import Wants
from services.portal.signin.forms import Form, posted
from services.portal.web.frame import page
from services.portal.web.site import site_of, visitor_of

router = APIRouter(include_in_schema=False)

_SENT: Final = "/subscribe/sent"
_LONGEST_NAME: Final = 100
_JOBS: Final = Topic(ROLES, name_of(ROLES), "Digital, data and technology jobs that boroughs advertise.")
_FIELDS: Final = ("topic", "often", "pay_from", *FIELDS)


@router.get("/subscribe")
async def show(request: Request) -> Response:
    """Asks for an address and topics; what the address asks for is chosen already. Who is signed in has a page of its
    own for that."""
    asked = read_asked(request.query_params.multi_items())
    if visitor_of(request).signed_in:
        return RedirectResponse(asked.address("/me"), status_code=303)
    return _page(request, asked)


@router.post("/subscribe")
async def subscribe(request: Request) -> Response:
    """Puts it down; the same answer for every address."""
    form = await posted(request)
    asked = read_asked((name, value) for name in _FIELDS for value in form.all(name))
    faults = {}
    wants = _wanted(asked)
    name = " ".join(form.text("name").split())
    if len(name) > _LONGEST_NAME:
        faults["name"] = f"Your name must be {_LONGEST_NAME} characters or fewer"
    try:
        address = read_address(form.text("email", most=1_000))
    except NotAnAddress as error:
        faults["email"] = str(error)
    if not wants:
        faults["topic"] = "Choose what you want to hear of"
    if faults:
        return _page(request, asked, form=form, faults=faults)
    return await answer_by_mail(
        request,
        address,
        back_to=asked.address("/me"),
        wants=Wants(subscriptions=wants, name=name),
        sent=_SENT,
    )


@router.get(_SENT)
async def sent(request: Request) -> Response:
    """Says what to look for in the inbox."""
    minutes = round(site_of(request).settings.link_minutes)
    return page(request, "own/sent.html", title="Check your email", minutes=minutes)


def _wanted(asked: Asked) -> tuple[Subscription, ...]:
    found = [asked.jobs] if asked.jobs and ROLES in asked.topics else []
    for topic in for_anybody():
        if topic.topic in asked.topics:
            often = asked.often if asked.often in topic.frequencies else topic.frequencies[0]
            found.append(Subscription(topic=topic.topic, frequency=often))
    return tuple(found)


def _page(
    request: Request, asked: Asked, *, form: Form | None = None, faults: dict[str, str] | None = None
) -> Response:
    topics: Sequence[Topic] = (_JOBS, *for_anybody())
    chosen = {*asked.topics, *([ROLES] if asked.narrows and form is None else [])}
    return page(
        request,
        "own/subscribe.html",
        title="Get our emails",
        status=422 if faults else 200,
        topics=topics,
        chosen=chosen,
        often=asked.often or "daily",
        frequencies=[(value, words) for value, words in OFTEN.items() if value in _JOBS.frequencies],
        jobs=", ".join(narrowed(asked.jobs)) if asked.jobs else "",
        kept=[(name, value) for name, value in asked.pairs() if name not in ("topic", "often")],
        left_out=asked.left_out,
        email=form.text("email", most=1_000) if form else "",
        name=form.text("name") if form else "",
        faults=faults or {},
    )
