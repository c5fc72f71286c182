"""The kinds of help and where a round stands, in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from loti_contracts.events import HelpKind, Round, RoundResult


@dataclass(frozen=True, slots=True)
class Kind:
    """Who is brought together in a round of that kind."""

    kind: HelpKind
    supporter: str
    supporters: str
    requests: str


KINDS: Final[Mapping[str, Kind]] = {
    one.kind: one
    for one in (
        Kind("mentor", "mentor", "mentors", "requests for a mentor"),
        Kind("recruiter", "recruiter", "recruiters", "requests for a recruiter"),
        Kind("university", "university", "universities", "requests for a university"),
        Kind("training", "training provider", "training providers", "requests for a training provider"),
    )
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a round stands, and what can be done with it."""

    words: str
    colour: str
    """Of its tag."""
    waits: bool = False
    """Whether matching has still to answer."""
    can_adjust: bool = False
    can_publish: bool = False
    can_call_off: bool = False


def standing(round_: Round, result: RoundResult | None) -> Standing:
    """Where a round stands, from what was stated and what was said of it last."""
    answered = result is not None and result.round_revision >= round_.revision
    if round_.status == "cancelled":
        return Standing("Called off", "grey", waits=not answered)
    if result is None or not answered:
        words = "Being published" if round_.status == "published" else "Being decided"
        return Standing(words, "yellow", waits=True, can_call_off=True)
    match result.status:
        case "proposed":
            some = bool(result.pairs)
            return Standing("To be looked at", "blue", can_adjust=True, can_publish=some, can_call_off=True)
        case "published":
            return Standing("Published", "green", can_call_off=True)
        case "refused":
            words = "Not published" if round_.status == "published" else "Cannot be decided"
            return Standing(words, "red", can_adjust=True, can_call_off=True)
        case _:
            return Standing("Called off", "grey")
