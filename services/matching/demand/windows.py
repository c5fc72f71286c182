"""What is looked for now: adverts and requests in the window, and how many boroughs they speak for. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from loti_contracts.events import Request, Role


def wants_staff(request: Request) -> bool:
    """Whether it asks for help to fill a post, and stands. A mentor or a student placement fills none."""
    purpose = getattr(request, "purpose", None)
    return request.status != "withdrawn" and (
        purpose == "recruitment" or (purpose is None and request.kind == "recruiter")
    )


def leaves_at(one: Role | Request, window: timedelta) -> datetime | None:
    """When an advert or request leaves the window; None for an open advert, which stays."""
    if isinstance(one, Request):
        return one.stated_at + window
    if one.status == "open":
        return None
    return (one.closed_at or one.found_at) + window


def in_window(one: Role | Request, *, now: datetime, window: timedelta) -> bool:
    """Whether it counts now; on the moment at which it leaves, it does not."""
    leaves = leaves_at(one, window)
    return leaves is None or leaves > now


def next_to_leave(found: Iterable[Role | Request], window: timedelta) -> datetime | None:
    """When the first of these leaves the window by itself; None where none does."""
    return min((leaves for one in found if (leaves := leaves_at(one, window)) is not None), default=None)


def boroughs_of(role: Role) -> frozenset[str]:
    """GSS codes of the boroughs whose advert it is."""
    return frozenset(authority.gss for authority in role.authorities)


def boroughs_counted(groups: Iterable[frozenset[str]]) -> int:
    """For how many boroughs these adverts and requests speak, each given as the boroughs that made it.

    A borough counts once, however often it advertises, and an advert that several boroughs share counts for one of
    them: they already recruit together. So five adverts of Camden's count 1, a shared advert of Camden and Islington
    counts 1, and with one of Islington's own beside it, 2. It is the size of the largest matching of the different
    groups with their boroughs; a group of nobody known counts nothing.
    """
    different = sorted({group for group in groups if group}, key=lambda group: (len(group), sorted(group)))
    spoken_for: dict[str, frozenset[str]] = {}
    return sum(_speaks_for(group, spoken_for, set()) for group in different)


def _speaks_for(group: frozenset[str], spoken_for: dict[str, frozenset[str]], tried: set[str]) -> bool:
    """Give the group a borough of its own, moving others to another of theirs where that helps (Kuhn)."""
    for borough in sorted(group):
        if borough not in tried:
            tried.add(borough)
            holder = spoken_for.get(borough)
            if holder is None or _speaks_for(holder, spoken_for, tried):
                spoken_for[borough] = group
                return True
    return False


def groups_of(roles: Sequence[Role], requests: Sequence[Request]) -> list[frozenset[str]]:
    """The boroughs behind each advert and each request."""
    return [*map(boroughs_of, roles), *(frozenset({request.borough}) for request in requests)]
