"""What boroughs that look for the same role could do together: chosen by rule from the facts. Pure.

1. Any of them had to advertise again: look at the pay first, since a joint advert on pay that failed fails jointly.
2. Two or more ask for a recruiter: share one.
3. Adverts of two or more are open at once: join them; but not for chiefs, of whom each borough wants its own.
4. Else: keep those who were good enough for the next borough.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from loti_contracts.events import JointStep, Request, Role
from services.matching.demand.windows import boroughs_counted, boroughs_of
from services.matching.demand.wording import in_words

_FROM: Final = 2
"""Boroughs that it takes to do something together."""


def joint_step(
    roles: Sequence[Role], requests: Sequence[Request], names: Mapping[str, str]
) -> tuple[JointStep, str]:
    """The step, and its sentence. `names`: the boroughs' names by GSS code."""
    again = {gss for role in roles if role.readvertises for gss in boroughs_of(role)}
    if again:
        why = f"{_listed(again, names)} had to advertise again{_pay(roles)}: compare pay before the next advert."
        return "pay review", why
    asking = {request.borough for request in requests}
    if len(asking) >= _FROM:
        return (
            "shared recruiter",
            f"{_listed(asking, names)} each ask for help to recruit: one recruiter could serve them.",
        )
    open_now = [role for role in roles if role.status == "open" and role.level != "chief"]
    if boroughs_counted(map(boroughs_of, open_now)) >= _FROM:
        at_once = {gss for role in open_now for gss in boroughs_of(role)}
        why = f"{_listed(at_once, names)} advertise at the same time: one advert would reach the same people once."
        return "joint advert", why
    why = "Candidates whom one borough could have appointed, and did not, could be offered to the others."
    return "shared talent pool", why


def _pay(roles: Sequence[Role]) -> str:
    """What the offers by the year range over, where at least two are known."""
    offers = [role.pay for role in roles if role.pay is not None and role.pay.period == "year"]
    amounts = [amount for pay in offers for amount in (pay.minimum, pay.maximum) if amount is not None]
    if len(offers) < _FROM or not amounts or min(amounts) == max(amounts):
        return ""
    return f", and the offers range from £{min(amounts) // 100:,} to £{max(amounts) // 100:,} a year"


def _listed(boroughs: set[str], names: Mapping[str, str]) -> str:
    return in_words(sorted(names.get(gss, gss) for gss in boroughs))
