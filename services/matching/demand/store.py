"""Demand's tables, as typed functions. The SQL and its explanations are in `queries.sql`."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import HardRole, NovelRole, Request, Role, SharedDemand
from services.matching.demand.hard import stood_days

_queries = queries_beside(__file__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in of a role: what its next revision may change for others."""

    title: str
    standard_role: str | None
    found_at: datetime
    closed_at: datetime | None
    stood_days: int | None


async def time_passes(tx: Connection, now: datetime) -> datetime:
    """The moment at which something is decided: `now`, but never before what was decided already."""
    moment: datetime = await _queries.time_passes(tx, now=now)
    return moment


async def first_found(tx: Connection) -> datetime | None:
    """When the first role of all was found; None before any was."""
    moment: datetime | None = await _queries.first_found(tx)
    return moment


async def load_taken(tx: Connection, role_id: str) -> Taken | None:
    """What was taken in of a role; None where nothing was."""
    row = await _queries.load_taken(tx, role_id=role_id)
    return Taken(**row) if row else None


async def take_in(tx: Connection, role: Role) -> Taken:
    """Take in what a role says now."""
    taken = Taken(
        title=role.title,
        standard_role=role.standard_role.name if role.standard_role else None,
        found_at=role.found_at,
        closed_at=(role.closed_at or role.found_at) if role.status == "closed" else None,
        stood_days=stood_days(role),
    )
    await _queries.save_taken(tx, role_id=role.id, **asdict(taken))
    return taken


async def load_role(tx: Connection, role_id: str) -> Role | None:
    """A role as it was last said."""
    state = await _queries.load_role(tx, role_id=role_id)
    return Role.model_validate_json(state) if state else None


async def roles_looked_for(tx: Connection, standard_role: str, *, after: datetime) -> list[Role]:
    """The adverts for a standard role that are open, or closed after that moment."""
    rows = _queries.roles_looked_for(tx, standard_role=standard_role, after=after)
    return [Role.model_validate_json(row["state"]) async for row in rows]


async def take_in_request(tx: Connection, request: Request, standard_role: str | None) -> str | None:
    """Take in a request for staff of that standard role (None: it asks for none); for which one it was before."""
    before: str | None = await _queries.load_taken_request(tx, request_id=request.id)
    if standard_role is not None:
        await _queries.save_taken_request(
            tx, request_id=request.id, standard_role=standard_role, stated_at=request.stated_at
        )
    elif before is not None:
        await _queries.forget_request(tx, request_id=request.id)
    return before


async def requests_not_taken(tx: Connection) -> list[Request]:
    """The open requests about a standard role that were not taken in."""
    return [Request.model_validate_json(row["state"]) async for row in _queries.requests_not_taken(tx)]


async def requests_for(tx: Connection, standard_role: str, *, after: datetime) -> list[Request]:
    """The requests for staff of a standard role that were stated after that moment."""
    rows = _queries.requests_for(tx, standard_role=standard_role, after=after)
    return [Request.model_validate_json(row["state"]) async for row in rows]


async def load_shared(tx: Connection, standard_role: str) -> SharedDemand | None:
    """The shared demand for a standard role as last said."""
    state = await _queries.load_shared(tx, standard_role=standard_role)
    return SharedDemand.model_validate_json(state) if state else None


async def save_shared(
    tx: Connection, standard_role: str, state: SharedDemand | None, look_again: datetime | None
) -> None:
    """The shared demand for a standard role now, and when to look again."""
    await _queries.save_shared(
        tx,
        standard_role=standard_role,
        state=state.model_dump_json() if state else None,
        look_again=look_again,
    )


async def load_hard(tx: Connection, role_id: str) -> HardRole | None:
    """What was last said of a role's being hard to recruit."""
    state = await _queries.load_hard(tx, role_id=role_id)
    return HardRole.model_validate_json(state) if state else None


async def save_hard(tx: Connection, state: HardRole) -> None:
    """What is said of a role's being hard to recruit."""
    await _queries.save_hard(tx, role_id=state.id, state=state.model_dump_json())


async def look_at_role_again(tx: Connection, role_id: str, when: datetime | None) -> None:
    """When time alone may make the role hard to recruit."""
    await _queries.look_at_role_again(tx, role_id=role_id, look_again=when)


async def stood(
    tx: Connection, standard_role: str | None, *, before: datetime, latest: int
) -> tuple[list[int], list[int]]:
    """How many days the latest adverts stood that closed before that moment: for that standard role, and of all."""
    of_all = _queries.stood_of_all(tx, before=before, latest=latest)
    all_ = [row["stood_days"] async for row in of_all]
    if standard_role is None:
        return [], all_
    of_kind = _queries.stood_of_kind(tx, standard_role=standard_role, before=before, latest=latest)
    return [row["stood_days"] async for row in of_kind], all_


async def doubt_found_after(tx: Connection, closed_at: datetime, *, now: datetime) -> None:
    """What is usual for the open roles found after that moment may have changed."""
    await _queries.doubt_found_after(tx, closed_at=closed_at, now=now)


async def doubt_all(tx: Connection, *, now: datetime) -> None:
    """Everything that is open or shared is to be looked at."""
    await _queries.doubt_all(tx, now=now)


async def due_shared(tx: Connection, *, now: datetime, most: int) -> list[str]:
    """Standard roles to look at."""
    return [row["standard_role"] async for row in _queries.due_shared(tx, now=now, most=most)]


async def due_roles(tx: Connection, *, now: datetime, most: int) -> list[Role]:
    """Roles to look at."""
    return [
        Role.model_validate_json(row["state"]) async for row in _queries.due_roles(tx, now=now, most=most)
    ]


async def load_novel(tx: Connection, role_id: str) -> NovelRole | None:
    """What was last said of a role's being novel."""
    state = await _queries.load_novel(tx, role_id=role_id)
    return NovelRole.model_validate_json(state) if state else None


async def save_novel(tx: Connection, state: NovelRole, words: Collection[str]) -> None:
    """What is said of a role's being novel; `words` are those of its title."""
    await _queries.save_novel(
        tx, role_id=state.id, found_at=state.found_at, words=sorted(words), state=state.model_dump_json()
    )


async def found_until(tx: Connection, found_at: datetime) -> list[str]:
    """The ids of the roles found before that moment."""
    return [row["role_id"] async for row in _queries.found_until(tx, found_at=found_at)]


async def all_shared(connection: Connection) -> Sequence[SharedDemand]:
    """Every demand that is shared now."""
    return [SharedDemand.model_validate_json(row["state"]) async for row in _queries.all_shared(connection)]


async def all_hard(connection: Connection) -> Sequence[HardRole]:
    """Every role that is hard to recruit now."""
    return [HardRole.model_validate_json(row["state"]) async for row in _queries.all_hard(connection)]


async def all_novel(connection: Connection, *, after: datetime) -> Sequence[NovelRole]:
    """The novel roles found after that moment, newest first."""
    rows = _queries.all_novel(connection, after=after)
    return [NovelRole.model_validate_json(row["state"]) async for row in rows]


async def nearly_shared(connection: Connection, *, after: datetime, most: int) -> Sequence[tuple[str, int]]:
    """The standard roles with the most boroughs in the window, with how many."""
    rows = _queries.nearly_shared(connection, after=after, most=most)
    return [(row["standard_role"], row["boroughs"]) async for row in rows]
