"""Rounds: many requests and supporters brought together at once, looked at and adjusted before anybody hears of it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, GssCode, Identifier, Model, Moment, State
from loti_contracts.events.matches import Reason
from loti_contracts.events.requests import HelpKind
from loti_contracts.events.topics import ROUND_RESULTS, ROUNDS


class Together(Model):
    """A request and a supporter."""

    request_id: Identifier
    supporter_id: Identifier


class Round(State):
    """A round as LOTI's staff wants it. Each revision is decided anew, until one is published or it is called off."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    kind: HelpKind = "mentor"
    status: Annotated[
        Literal["asked", "published", "cancelled"],
        Field(description="Published: the pairs of the result that is named become matches."),
    ] = "asked"
    request_ids: Annotated[
        tuple[Identifier, ...], Field(description="Who takes part; empty: every open request of the kind.")
    ] = ()
    supporter_ids: Annotated[
        tuple[Identifier, ...],
        Field(description="Who takes part; empty: every listed supporter of the kind."),
    ] = ()
    without: Annotated[
        tuple[Identifier, ...], Field(description="Requests and supporters that take no part after all.")
    ] = ()
    together: Annotated[tuple[Together, ...], Field(description="Pairs that are to be.")] = ()
    apart: Annotated[tuple[Together, ...], Field(description="Pairs that must not be.")] = ()
    related_only: Annotated[bool, Field(description="Pair nobody who shares no role, family or skill.")] = (
        False
    )
    seed: Annotated[int, Field(ge=0, description="Draws between equals.")] = 0
    result_revision: Annotated[
        int | None, Field(ge=1, description="The result that is published, as it was looked at.")
    ] = None
    contact_id: Annotated[Identifier, Field(description="Who runs it.")]
    stated_at: Moment


class RoundPair(Model):
    """Two who are brought together, and why."""

    request_id: Identifier
    supporter_id: Identifier
    borough: GssCode
    score: Annotated[float, Field(ge=0, le=1)]
    reasons: tuple[Reason, ...] = ()
    wanted: Annotated[bool, Field(description="Staff said that they belong together.")] = False


class NotPaired(Model):
    """A request without a supporter, why, and what would have come nearest."""

    request_id: Identifier
    borough: GssCode
    why: str
    nearest: Annotated[str | None, Field(description="In words; null: there is nobody at all.")] = None


class SetAside(Model):
    """A supporter who takes no part, and why."""

    supporter_id: Identifier
    why: str


class BoroughsShare(Model):
    """How one borough's people fared."""

    borough: GssCode
    people: Annotated[int, Field(ge=1)]
    paired: Annotated[int, Field(ge=0)]
    mean_score: Annotated[float | None, Field(ge=0, le=1)] = None


class SupportersLoad(Model):
    """How many people a supporter is given, of how many places."""

    supporter_id: Identifier
    given: Annotated[int, Field(ge=0)]
    places: Annotated[int, Field(ge=0)]


class RoundFairness(Model):
    """How fairly a round treats people, boroughs and supporters."""

    people: Annotated[int, Field(ge=0)]
    paired: Annotated[int, Field(ge=0)]
    total_score: Annotated[float, Field(ge=0)]
    mean_score: Annotated[float | None, Field(ge=0, le=1)] = None
    worst: Annotated[float | None, Field(ge=0, le=1, description="The score of the worst-off pair.")] = None
    worst_without: Annotated[
        float | None, Field(ge=0, le=1, description="The same if fairness did not count.")
    ] = None
    spread: Annotated[
        float,
        Field(ge=0, le=1, description="The best borough's share of people paired less the worst one's."),
    ]
    spread_without: Annotated[float, Field(ge=0, le=1, description="The same if fairness did not count.")]
    people_moved: Annotated[
        int, Field(ge=0, description="Who is paired differently because of fairness.")
    ] = 0
    boroughs: tuple[BoroughsShare, ...] = ()
    loads: tuple[SupportersLoad, ...] = ()


class RoundResult(State):
    """How a round comes out. The id is the round's; it was decided from that revision of it."""

    round_revision: Annotated[int, Field(ge=1)]
    status: Annotated[
        Literal["proposed", "published", "refused", "cancelled"],
        Field(description="Refused: it could not be decided or published; `why` says so."),
    ]
    pairs: tuple[RoundPair, ...] = ()
    not_paired: tuple[NotPaired, ...] = ()
    set_aside: Annotated[
        tuple[SetAside, ...], Field(description="Supporters who were asked to take part and cannot.")
    ] = ()
    fairness: RoundFairness | None = None
    remedies: Annotated[
        tuple[str, ...], Field(description="What would let more people be paired, in words.")
    ] = ()
    changes: Annotated[tuple[str, ...], Field(description="What is different from the result before.")] = ()
    why: Annotated[str | None, Field(description="What could not be, in words.")] = None
    decided_at: Moment


class RoundStated(Event):
    """Staff asked for a round, adjusted it, published it or called it off."""

    type: ClassVar[str] = "london.loti.round.stated.v1"
    topic: ClassVar[str] = ROUNDS.name
    about: ClassVar[str] = "round"
    round: Round


class RoundDecided(Event):
    """A round came out so, or its pairs became matches."""

    type: ClassVar[str] = "london.loti.round.decided.v1"
    topic: ClassVar[str] = ROUND_RESULTS.name
    about: ClassVar[str] = "result"
    result: RoundResult
