"""A result as its page shows it: with names, and with what can be done about each line. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from loti_contracts.events import BoroughsShare, Round, RoundFairness, RoundResult
from services.portal.rounds.naming import Names, Person
from services.portal.rounds.share_chart import Chart, chart
from services.portal.web.words import NOTHING, borough

PAGE = 50
"""Pairs on a page."""


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two who are brought together. `number` is the pair's place in the result."""

    number: int
    person: Person
    supporter: Person
    score: str
    reasons: Sequence[str]
    wanted: bool


@dataclass(frozen=True, slots=True)
class LeftRow:
    """Somebody without a supporter, by their place in the result."""

    number: int
    person: Person
    why: str
    nearest: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that staff made, and the value of the box that lifts it."""

    lift: str
    words: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure with fairness and without it."""

    what: str
    with_: str
    without: str


@dataclass(frozen=True, slots=True)
class LoadRow:
    """How many people a supporter is given."""

    supporter: Person
    given: int
    places: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that a page tells of a result."""

    pairs: Sequence[PairRow]
    left_out: Sequence[LeftRow]
    set_aside: Sequence[tuple[Person, str]]
    changes: Sequence[str]
    why: str | None
    fairness: RoundFairness | None
    effect: Sequence[Beside]
    boroughs: Sequence[BoroughsShare]
    chart: Chart | None
    loads: Sequence[LoadRow]


def shown(result: RoundResult, names: Names, *, page: int = 1) -> Shown:
    """A result with names; of its pairs one page."""
    first = (page - 1) * PAGE
    fair = result.fairness
    loads = (
        [LoadRow(names.supporter(one.supporter_id), one.given, one.places) for one in fair.loads]
        if fair
        else []
    )
    return Shown(
        pairs=[
            PairRow(
                number=number,
                person=names.request(one.request_id),
                supporter=names.supporter(one.supporter_id),
                score=_score(one.score),
                reasons=[names.in_words(reason.sentence) for reason in one.reasons],
                wanted=one.wanted,
            )
            for number, one in enumerate(result.pairs[first : first + PAGE], start=first)
        ],
        left_out=[
            LeftRow(
                number,
                names.request(one.request_id),
                names.in_words(one.why),
                names.in_words(one.nearest) if one.nearest else None,
            )
            for number, one in enumerate(result.not_paired)
        ],
        set_aside=[(names.supporter(one.supporter_id), one.why) for one in result.set_aside],
        changes=[names.in_words(one) for one in result.changes],
        why=names.in_words(result.why) if result.why else None,
        fairness=fair,
        effect=_effect(fair) if fair and fair.paired else (),
        boroughs=sorted(fair.boroughs, key=lambda one: borough(one.borough)) if fair else (),
        chart=chart(fair.boroughs) if fair else None,
        loads=sorted(loads, key=lambda one: (-one.given, one.supporter.name)),
    )


def rules(round_: Round, names: Names) -> Sequence[Rule]:
    """What staff ruled, each to be lifted."""
    together = [
        Rule(
            f"together {at}",
            f"{names.request(one.request_id).name} with {names.supporter(one.supporter_id).name}",
        )
        for at, one in enumerate(round_.together)
    ]
    apart = [
        Rule(
            f"apart {at}",
            f"{names.request(one.request_id).name} not with {names.supporter(one.supporter_id).name}",
        )
        for at, one in enumerate(round_.apart)
    ]
    without = [
        Rule(f"without {at}", f"{names.anybody(one).name} takes no part")
        for at, one in enumerate(round_.without)
    ]
    return [*together, *apart, *without]


def pages(result: RoundResult) -> int:
    """How many pages its pairs take."""
    return max(1, -(-len(result.pairs) // PAGE))


def _effect(fair: RoundFairness) -> Sequence[Beside]:
    return (
        Beside("Score of the worst-off pair", _score(fair.worst), _score(fair.worst_without)),
        Beside(
            "Best borough’s share of people paired, less the worst one’s",
            _share(fair.spread),
            _share(fair.spread_without),
        ),
    )


def _score(score: float | None) -> str:
    return NOTHING if score is None else f"{score:.2f}"


def _share(share: float) -> str:
    return f"{share:.0%}"
