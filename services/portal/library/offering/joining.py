"""A borough joins a shared challenge: it has it too, or works on it too. Pure."""

from datetime import date

from loti_contracts.events.library_content import Content, WorkingOn

_WORKS = "Works on this too."


def joined(challenge: Content, borough: str, *, what: str, works: bool, today: date) -> Content:
    """What the challenge says with the borough in it; `what` is shown where it works on it."""
    boroughs = tuple(dict.fromkeys((*challenge.boroughs, borough)))
    working_on = challenge.working_on
    if works:
        others = (one for one in working_on if one.borough != borough)
        working_on = (*others, WorkingOn(borough=borough, what=what or _WORKS, since=today))
    return challenge.model_copy(update={"boroughs": boroughs, "working_on": working_on})


def with_all(offered: Content, published: Content) -> Content:
    """An offered challenge with who joined the published one meanwhile: publishing the one offer takes out nobody who
    came by another. Of what one borough says twice, the later counts."""
    working = {one.borough: one for one in published.working_on}
    for one in offered.working_on:
        known = working.get(one.borough)
        if known is None or (one.since or date.min) >= (known.since or date.min):
            working[one.borough] = one
    return offered.model_copy(
        update={
            "boroughs": tuple(dict.fromkeys((*published.boroughs, *offered.boroughs))),
            "working_on": tuple(working.values()),
        }
    )
