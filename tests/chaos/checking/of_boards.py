"""Boards: the roles that ingest said are the adverts that were put up, each once, as printed. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from loti_contracts.events import Role
from loti_contracts.events.topics import ROLES, SOURCES
from tests.chaos.checking.findings import Finding, Sort
from tests.chaos.checking.world import World, plain
from tests.chaos.flow_listening import posting_of
from tests.chaos.ledger import Ledger, Posting

_ROLES = "loti.roles.v1"


def check_boards(world: World, ledger: Ledger) -> Iterator[Finding]:
    """Each digital posting is one role: open if it is shown, closed if it was taken down, with the pay that was printed
    last, and never one that was not printed. What is not digital is none."""
    roles: dict[str, list[Role]] = defaultdict(list)
    for role in world.states(ROLES, Role).values():
        if (of := posting_of(role)) is not None:
            roles[of].append(role)
    pays: dict[str, list[str]] = defaultdict(list)
    for event in world.events(ROLES):
        state = event.state
        if isinstance(state, Role) and (of := posting_of(state)) is not None:
            pays[of].append(state.pay.text if state.pay else "")
    for id_, posting in ledger.postings.items():
        yield from _posting(posting, roles.get(id_, []), pays.get(id_, []))
    for id_ in roles.keys() - ledger.postings.keys():
        yield Finding("wrong", _ROLES, id_, "nobody put it up")


def _posting(posting: Posting, roles: Sequence[Role], pays: Sequence[str]) -> Iterator[Finding]:
    what = f"{posting.id} on {posting.board}"
    if not posting.digital:
        if roles:
            yield Finding("wrong", _ROLES, what, f"{posting.title!r} is no digital job")
        return
    if not roles:
        yield Finding("lost", _ROLES, what, f"{posting.title!r} was put up at {posting.turns[0].at:%H:%M:%S}")
        return
    if len(roles) > 1:
        yield Finding(
            "doubled", _ROLES, what, f"one advert is one role, not {len(roles)}: {[r.id for r in roles]}"
        )
        return
    role = roles[0]
    is_ = "open" if posting.shown else "closed"
    if role.status != is_:
        sort: Sort = "lost" if posting.shown else "stuck"
        yield Finding(sort, _ROLES, what, f"role {role.id} is {is_} since {posting.turns[-1].at:%H:%M:%S}")
    if (said := role.pay.text if role.pay else "") != posting.pay:
        yield Finding("lost", _ROLES, what, f"its pay is {posting.pay}, not {said}")
    yield from _in_turn(what, pays, posting.pays)


def _in_turn(what: str, said: Sequence[str], printed: Sequence[str]) -> Iterator[Finding]:
    """What was said must be what was printed, in that order; what was printed for a moment may be left out."""
    rest = iter(printed)
    last: str | None = None
    for pay in said:
        if pay == last:
            continue
        last = pay
        if not any(pay == one for one in rest):
            sort: Sort = "out of order" if pay in printed else "wrong"
            yield Finding(sort, _ROLES, what, f"it said {pay}, after what was printed later or never")
            return


def check_ingest(world: World) -> Iterator[Finding]:
    """Ingest's own tables hold what it said: roles, and which boards fail; no board fails at the end; every open role is
    shown by an advert, and every advert belongs to a role."""
    said = {id_: plain(role) for id_, role in world.states(ROLES, Role).items()}
    kept = {str(row["id"]): plain(Role.model_validate(row["role"])) for row in world.rows("ingest", "roles")}
    for id_ in kept.keys() - said.keys():
        yield Finding("lost", _ROLES, id_, "ingest keeps it, so it was said")
    for id_ in said.keys() - kept.keys():
        yield Finding("lost", "ingest's roles", id_, "it was said, so it is kept")
    for id_ in said.keys() & kept.keys():
        if said[id_] != kept[id_]:
            yield Finding("wrong", "ingest's roles", id_, _difference(said[id_], kept[id_]))
    shown = {str(row["role_id"]) for row in world.rows("ingest", "sightings")}
    for id_ in kept.keys() - shown:
        yield Finding("lost", "ingest's sightings", id_, "a role has an advert")
    failing = [one for one in world.newest.values() if one.topic == SOURCES.name]
    for one in failing:
        if one.said.event.state.status == "failing":
            yield Finding("stuck", SOURCES.name, one.said.subject, "the board can be read again")


def _difference(said: dict[str, object], kept: dict[str, object]) -> str:
    names = sorted(name for name in said.keys() | kept.keys() if said.get(name) != kept.get(name))
    return f"it says what the topic says; they differ in {', '.join(names)}"
