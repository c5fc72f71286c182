"""What forbids a pair. A barred supporter is never proposed, whatever they would score."""

from dataclasses import dataclass
from datetime import date

from loti_contracts.events import Request, Supporter
from loti_contracts.vocabulary import authorities


@dataclass(frozen=True, slots=True)
class SupporterNow:
    """A supporter, and how many requests they are helping with now."""

    supporter: Supporter
    load: int = 0


def bar(request: Request, now: SupporterNow, *, today: date) -> str | None:
    """Why this supporter must not be proposed for this request, as a sentence; None when nothing forbids it."""
    supporter = now.supporter
    if supporter.status == "withdrawn":
        return "Has withdrawn from the list."
    if supporter.kind != request.kind:
        return f"Is listed as {named(supporter.kind)}; {named(request.kind)} was asked for."
    return (
        _barred_by_borough(request, supporter)
        or _barred_by_dates(request, supporter, today)
        or _barred_by_load(now)
    )


def _barred_by_borough(request: Request, supporter: Supporter) -> str | None:
    if request.borough in supporter.not_for:
        return f"Cannot or will not serve {borough_named(request.borough)}."
    if request.kind == "mentor" and supporter.own_borough == request.borough:
        return f"Works for {borough_named(request.borough)} itself; a mentor comes from another borough."
    return None


def _barred_by_dates(request: Request, supporter: Supporter, today: date) -> str | None:
    begins, ends = supporter.available_from, supporter.available_until
    if ends is not None and ends < today:
        return f"Was available until {day(ends)} only."
    if begins is not None and ends is not None and begins > ends:
        return f"Is available on no day: from {day(begins)}, but until {day(ends)}."
    if begins is not None and request.need_by is not None and begins > request.need_by:
        return f"Is not available before {day(begins)}; help is needed by {day(request.need_by)}."
    return None


def _barred_by_load(now: SupporterNow) -> str | None:
    capacity = now.supporter.capacity
    if capacity == 0:
        return "Takes no requests at present."
    if now.load >= capacity:
        return f"Has no capacity left: is helping with {now.load} {requests(now.load)} and takes {capacity} at a time."
    return None


def named(kind: str) -> str:
    """The kind of help with its article."""
    return {
        "recruiter": "a recruiter",
        "mentor": "a mentor",
        "university": "a university",
        "training": "a training provider",
    }[kind]


def borough_named(gss: str) -> str:
    """The authority's name, or its code where it is none of the 33."""
    authority = authorities().get(gss)
    return authority.name if authority else gss


def requests(count: int) -> str:
    """`request` in the number that fits."""
    return "request" if count == 1 else "requests"


def day(when: date) -> str:
    """A date as it is written in Britain: 3 May 2027."""
    return f"{when.day} {when:%B %Y}"
