"""What ingest keeps of adverts and roles: every sighting as its board last showed it, every role as it was last said."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Role
from services.ingest.decisions import Decision
from services.ingest.duplicates import blocking_keys, of_role
from services.ingest.identity import READVERTISED_WITHIN, Known, likeness
from services.ingest.jobs import Sighting
from services.ingest.joining import Jobs
from services.ingest.reading import role_id

_queries = queries_beside(__file__)

_role = lru_cache(maxsize=2_000)(Role.model_validate_json)
"""An advert that is open is read again by every poll of its board, and whenever another one is like it."""

MOST_ALIKE = 1_000
"""Adverts looked at for what one poll found new, those that have most in common with it first."""


async def known_sightings(tx: Connection, source_id: str) -> dict[str, Known]:
    """Every sighting known of a board, by its id."""
    return {
        row["id"]: Known(
            _role(row["reading"]),
            row["missing"],
            alias=role_id(source_id, row["posting_key"]),
            wording=row["wording"],
            former=row["former"],
        )
        async for row in _queries.sightings_of(tx, source=source_id)
    }


async def closed_elsewhere(
    tx: Connection, source_id: str, roles: Iterable[Role], *, now: datetime
) -> list[Role]:
    """Sightings that other boards no longer show, and that these may advertise again."""
    likenesses = sorted({like for like in map(likeness, roles) if like})
    if not likenesses:
        return []
    rows = _queries.closed_elsewhere(
        tx, source=source_id, likenesses=likenesses, since=now - READVERTISED_WITHIN
    )
    return [_role(row["reading"]) async for row in rows]


async def overdue_sources(tx: Connection, today: date) -> list[str]:
    """Boards, watched or not, that show an advert whose closing date has passed."""
    return [row["source"] async for row in _queries.overdue_sources(tx, today=today)]


async def one_at_a_time(tx: Connection) -> None:
    """Until the transaction ends nobody else says anything of a role: two boards may show one job."""
    await _queries.one_at_a_time(tx)


async def jobs_of(tx: Connection, decisions: Sequence[Decision]) -> Jobs:
    """What a conclusion from these decisions is drawn from: the roles they are about, those of open adverts that could
    be the same job as a new one, those that may be advertised again; each with all its sightings."""
    readings = [one.event.role for one in decisions if one.event is not None]
    if not readings:
        return Jobs()
    ids = {one.id for one in readings} | {one.readvertises for one in readings if one.readvertises}
    known = {row["id"] async for row in _queries.known_among(tx, ids=sorted(ids))}
    keys = {key for one in readings if one.id not in known for key in blocking_keys(of_role(one))}
    if keys:
        ids |= {row["sighting"] async for row in _queries.alike(tx, keys=sorted(keys), most=MOST_ALIKE)}
    sightings: dict[str, Sighting] = {}
    roles: dict[str, Role] = {}
    async for row in _queries.jobs_of(tx, ids=sorted(ids)):
        sightings[row["id"]] = Sighting(row["role_id"], _role(row["reading"]))
        if row["role_id"] not in roles:
            roles[row["role_id"]] = _role(row["role"])
    return Jobs(sightings, roles)


async def save_roles(tx: Connection, roles: Sequence[Role]) -> None:
    """Roles as they are said now, each once."""
    if roles:
        await _queries.save_roles(
            tx,
            ids=[role.id for role in roles],
            sources=[role.source for role in roles],
            roles=[role.model_dump_json() for role in roles],
        )


async def save_sightings(
    tx: Connection,
    shown: Sequence[Sighting],
    decisions: Sequence[Decision],
    *,
    posting_keys: Sequence[str | None],
) -> None:
    """Adverts as their boards show them now, each once, by what was decided of each and under its key there; None where
    that is as it was."""
    if not shown:
        return
    readings = [sighting.reading for sighting in shown]
    await _queries.save_sightings(
        tx,
        ids=[sighting.id for sighting in shown],
        sources=[reading.source for reading in readings],
        posting_keys=list(posting_keys),
        role_ids=[sighting.role_id for sighting in shown],
        readings=[reading.model_dump_json() for reading in readings],
        missing=[decision.missing for decision in decisions],
        likenesses=[likeness(reading) for reading in readings],
        wordings=[decision.wording for decision in decisions],
        formers=[decision.former for decision in decisions],
    )
    found_by = [
        (sighting.id, key)
        for sighting in shown
        if sighting.open
        for key in sorted(blocking_keys(of_role(sighting.reading)))
    ]
    await _queries.save_keys(
        tx,
        ids=[sighting.id for sighting in shown],
        sightings=[sighting for sighting, _ in found_by],
        keys=[key for _, key in found_by],
    )


async def save_sight(
    tx: Connection, sighting_id: str, *, missing: int, posting_key: str | None, wording: str | None
) -> None:
    """That an advert of which nothing is to be said was seen, or missing `missing` times in a row."""
    await _queries.save_sight(tx, id=sighting_id, missing=missing, posting_key=posting_key, wording=wording)
