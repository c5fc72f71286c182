"""`/system`: boards, readers and dead letters, for LOTI's staff."""

from datetime import UTC, datetime, timedelta
from typing import Final

from aiokafka.errors import KafkaError
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from loti_contracts.delivery.broker import AccessIncomplete, Broker
from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.lag import Lag, lags
from loti_contracts.events import DeadLetter, Replay, ReplayAsked
from services.portal.heard.store import newest
from services.portal.saying.say import next_revision, say
from services.portal.signin.forms import posted
from services.portal.signin.guard import needs
from services.portal.staff import store
from services.portal.staff.boards import Counted, boards
from services.portal.staff.measuring import Measurement
from services.portal.staff.readers import readers
from services.portal.web.frame import page
from services.portal.web.site import Site, site_of

router = APIRouter(include_in_schema=False)

PER_PAGE: Final = 25
MOST_AT_ONCE: Final = 200
FRESH: Final = timedelta(hours=1)
_PATIENCE: Final = 2.0


@router.get("/system")
async def system(request: Request) -> HTMLResponse:
    """How the system does. `show=all`: with the dead letters that were replayed or given up; `before`: older ones."""
    needs(request, "LOTI staff")
    site = site_of(request)
    every = request.query_params.get("show") == "all"
    lag, counted = _lag(request, site), _counted(request, site)
    behind = await lag.look(site.now(), patience=_PATIENCE)
    shown = await counted.look(site.now(), patience=_PATIENCE)
    async with site.pool.acquire() as db:
        states = await store.source_states(db)
        counts = await store.count_letters(db)
        fresh = await store.count_fresh(db, since=site.now() - FRESH)
        stopped = await store.stopped(db)
        letters = await store.letters(
            db,
            status=None if every else "parked",
            before=_moment(request.query_params.get("before", "")),
            most=PER_PAGE + 1,
        )
    return page(
        request,
        "staff/system.html",
        title="How the system does",
        boards=boards(shown.value or (), states),
        boards_as_of=shown,
        readers=readers(behind.value or ()),
        lag=behind,
        letters=letters[:PER_PAGE],
        older=letters[PER_PAGE - 1].letter.parked_at if len(letters) > PER_PAGE else None,
        every=every,
        counts=counts,
        fresh=fresh,
        stopped=stopped,
        most_at_once=MOST_AT_ONCE,
        asked=request.query_params.get("asked", "") == "1",
    )


@router.post("/system/replay")
async def replay(request: Request) -> Response:
    """Ask for one dead letter to be handled again (`letter`), or for all that wait (`every`)."""
    visitor, site = needs(request, "LOTI staff"), site_of(request)
    form = await posted(request)
    async with site.pool.acquire() as tx, tx.transaction():
        if form.has("every"):
            ids = await store.parked_letters(tx, most=MOST_AT_ONCE)
        else:
            ids = [form.text("letter", most=200)]
        for id_ in ids:
            letter = await newest(tx, DeadLetter, id_)
            if letter is None:
                raise HTTPException(404, "There is no such dead letter, or it is older than 30 days.")
            if letter.status in ("replayed", "discarded"):
                continue
            _, revision = await next_revision(tx, Replay, id_)
            wish = Replay(
                id=id_,
                revision=revision,
                service=letter.service,
                contact_id=visitor.contact_id,
                stated_at=site.now(),
            )
            await say(
                tx, visitor, ReplayAsked(replay=wish), what="asked for a dead letter to be handled again"
            )
    return RedirectResponse("/system?asked=1#dead-letters", status_code=303)


def _lag(request: Request, site: Site) -> Measurement[list[Lag]]:
    """One for the whole process: asking Kafka takes a while, and no page waits for it."""
    kept: Measurement[list[Lag]] | None = getattr(request.app.state, "lag", None)
    if kept is None:

        async def measure() -> list[Lag]:
            return await lags(Broker.of(site.settings))

        kept = Measurement(measure, fresh=5.0, within=60.0, expected=(KafkaError, AccessIncomplete, *PASSING))
        request.app.state.lag = kept
    return kept


def _counted(request: Request, site: Site) -> Measurement[list[Counted]]:
    """The same: it reads a row for each role there ever was."""
    kept: Measurement[list[Counted]] | None = getattr(request.app.state, "boards", None)
    if kept is None:

        async def measure() -> list[Counted]:
            async with site.pool.acquire() as db:
                return await store.count_sources(db)

        kept = Measurement(measure, fresh=5.0, within=20.0, expected=PASSING)
        request.app.state.boards = kept
    return kept


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
