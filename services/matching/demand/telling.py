"""Demand in words that the Skills & Talent Manager can forward. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from loti_contracts.events import BoroughInDemand, HardRole, NovelRole, SharedDemand
from services.matching.demand.wording import in_words
from services.matching.names import day


@dataclass(frozen=True, slots=True)
class Nearly:
    """A standard role, and how many boroughs have it in the window."""

    standard_role: str
    boroughs: int


def shared_demand(one: SharedDemand) -> str:
    """A shared demand: who, what could be done, and the adverts and requests behind it."""
    lines = [
        f"  {one.sentence}",
        f"  Suggested: a {one.step}. {one.step_why}" if one.step else "",
        f"  Seen since {day(one.since)}.",
    ]
    names = {borough.gss: borough.name for borough in one.boroughs}
    for role in one.roles:
        whose = in_words([names.get(gss, gss) for gss in role.boroughs]) or "borough not known"
        again = ", advertised again" if role.readvertises else ""
        lines.append(
            f"    {role.title} · {whose} · {role.status}{again} · {', '.join(role.links) or role.id}"
        )
    for request in one.requests:
        needed = f", needed by {day(request.need_by)}" if request.need_by else ""
        lines.append(
            f"    {names.get(request.borough, request.borough)} asks for help{needed} · {request.id}"
        )
    lines.extend(f"    {_more_than_once(borough)}" for borough in one.boroughs if borough.adverts > 1)
    return "\n".join(line for line in lines if line) + "\n"


def nearly_shared(found: Sequence[Nearly], *, least: int, window_days: int) -> str:
    """That nothing is shared, and what comes nearest."""
    lines = [f"  No standard role is looked for by {least} boroughs within {window_days} days."]
    if found:
        most = in_words([f"{one.standard_role} ({one.boroughs})" for one in found])
        lines.append(f"  The most boroughs look for: {most}.")
    else:
        lines.append("  No advert with a standard role has been heard of yet.")
    return "\n".join(lines) + "\n"


def novel_role(one: NovelRole) -> str:
    """A novel role: why it is unlike the known ones, and which are nearest."""
    near = [f"{other.title} ({other.nearness:.2f})" for other in one.nearest_titles]
    standard = [f"{other.title} ({other.nearness:.2f})" for other in one.nearest_standard_roles]
    lines = [
        f"  {one.title} · {_boroughs([borough.name for borough in one.boroughs])} · found {day(one.found_at)} · "
        f"{', '.join(one.links) or one.id}",
        f"    {one.why}",
        f"    Nearest titles before it: {', '.join(near)}." if near else "",
        f"    Nearest standard roles: {', '.join(standard)}." if standard else "",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def hard_role(one: HardRole) -> str:
    """A role that is hard to recruit, and why."""
    return (
        f"  {one.title} · {_boroughs([borough.name for borough in one.boroughs])} · open since {day(one.open_since)} · "
        f"{', '.join(one.links) or one.id}\n    {one.why}\n"
    )


def _boroughs(names: Sequence[str]) -> str:
    return in_words(names) or "borough not known"


def _more_than_once(borough: BoroughInDemand) -> str:
    return f"{borough.name} has {borough.adverts} adverts and counts once."
