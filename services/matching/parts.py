"""The parts of a score, 0 to 1, each with its sentence. None: the request does not ask about it."""

from dataclasses import dataclass

from loti_contracts.events import Request, Supporter
from services.matching.availability import availability
from services.matching.eligibility import SupporterNow
from services.matching.names import borough_named, carries, day, family_of, key, listed, requests
from services.matching.track_record import track_record

SAME_ROLE, SAME_FAMILY = 1.0, 0.6
NO_PREFERENCE = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score with its sentence."""

    score: float
    sentence: str


def role_fit(request: Request, supporter: Supporter) -> Part | None:
    """The standard role asked for: known, of a family that is covered, or neither."""
    wanted = request.standard_role
    if wanted is None:
        return None
    if key(wanted) in map(key, supporter.roles):
        return Part(SAME_ROLE, f"{wanted} is one of the roles they know best.")
    family = family_of(wanted)
    if family is None:
        return Part(0.0, f"Does not know the role {wanted}.")
    if key(family) in map(key, supporter.families):
        return Part(SAME_FAMILY, f"Covers the {family} family, to which {wanted} belongs.")
    near = next((role for role in sorted(supporter.roles) if family_of(role) == family), None)
    if near is not None:
        return Part(SAME_FAMILY, f"Knows {near}, which is in the same family as {wanted}: {family}.")
    return Part(0.0, f"Knows neither {wanted} nor its family, {family}.")


def skills_wanted(request: Request) -> dict[str, str]:
    """The skills asked for by their keys, each once, in the order of the keys."""
    return dict(sorted({key(skill): skill for skill in reversed(request.skills)}.items()))


def skills_offered(supporter: Supporter) -> set[str]:
    """The keys of the skills that a supporter offers; a university's are its departments' specialisms too."""
    found = set(map(key, supporter.skills))
    for department in supporter.departments:
        found.update(map(key, department.specialisms))
    return found


def skill_overlap(request: Request, supporter: Supporter) -> Part | None:
    """The part of the skills asked for that is offered."""
    wanted = skills_wanted(request)
    if not wanted:
        return None
    offered = skills_offered(supporter)
    has = [name for one, name in wanted.items() if one in offered]
    lacks = [name for one, name in wanted.items() if one not in offered]
    if not has:
        return Part(0.0, f"Offers none of the skills asked for: {listed(lacks)}.")
    if not lacks:
        return Part(1.0, f"Offers every skill asked for: {listed(has)}.")
    return Part(
        len(has) / len(wanted),
        f"Offers {len(has)} of the {len(wanted)} skills asked for: {listed(has)}; not {listed(lacks)}.",
    )


def availability_part(request: Request, supporter: Supporter) -> Part:
    """The part of the wanted days that is offered."""
    found = availability(request, supporter)
    wanted = found.wanted
    last = f"the need-by date, {day(wanted.last)}" if request.need_by == wanted.last else day(wanted.last)
    first = f"from {day(wanted.first)}" if request.start else "from the request"
    if not found.spans:
        return Part(0.0, f"Available on none of the days {first} to {last}.")
    begins, ends = found.spans[0].first, found.spans[-1].last
    since = (
        "now" if begins <= wanted.first and not request.start else f"from {day(max(begins, wanted.first))}"
    )
    if found.days == wanted.days:
        return Part(1.0, f"Available {since} and throughout to {last}.")
    until = f" until {day(ends)}" if ends < wanted.last else ""
    breaks = ", with breaks" if len(found.spans) > 1 else ""
    days = "day" if wanted.days == 1 else "days"
    return Part(
        found.share,
        f"Available {since}{until}{breaks}: on {found.days} of the {wanted.days} {days} {first} to {last}.",
    )


def track_record_part(now: SupporterNow) -> Part:
    """What is expected from how earlier introductions went."""
    record = track_record(now.supporter, good=now.good, ended=now.ended)
    return Part(record.expected, record.sentence)


def preference(request: Request, supporter: Supporter) -> Part:
    """Whether the supporter would rather do this: by borough, and by role or family, as far as they say."""
    prefers = supporter.prefers
    hits: list[str] = []
    misses: list[str] = []
    if prefers and prefers.boroughs:
        (hits if request.borough in prefers.boroughs else misses).append(borough_named(request.borough))
    role = request.standard_role
    if prefers and role is not None and (prefers.roles or prefers.families):
        family = family_of(role)
        wanted = key(role) in map(key, prefers.roles) or (
            family is not None and key(family) in map(key, prefers.families)
        )
        (hits if wanted else misses).append(f"work on {role}")
    if not hits and not misses:
        return Part(NO_PREFERENCE, "States no preference that this request touches.")
    if not misses:
        return Part(1.0, f"Prefers {' and '.join(hits)}.")
    if not hits:
        return Part(0.0, f"Would rather do something else than {' and '.join(misses)}.")
    return Part(0.5, f"Prefers {hits[0]}, but not {misses[0]}.")


def load_balance(request: Request, now: SupporterNow) -> Part:
    """How much of the supporter's capacity is free."""
    capacity = availability(request, now.supporter).capacity
    free = max(0, capacity - now.load - now.kept)
    if now.load == now.kept == 0:
        return Part(
            1.0 if capacity else 0.0,
            f"Helps nobody else yet; takes {capacity} {requests(capacity)} at a time.",
        )
    return Part(
        free / capacity if capacity else 0.0,
        f"{carries(now.load, now.kept).capitalize()} and takes {capacity} at a time.",
    )
