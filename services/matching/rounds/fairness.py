"""How fairly a round treats people, boroughs and supporters, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from services.matching.rounds.people import Demand, Supply


@dataclass(frozen=True, slots=True)
class Borough:
    """How one borough's people fared."""

    borough: str
    people: int
    matched: int
    mean_score: float | None
    """0 to 1, of its matched people; None where nobody is matched."""

    @property
    def share(self) -> float:
        """Matched people by all people, 0 to 1."""
        return self.matched / self.people


@dataclass(frozen=True, slots=True)
class Effect:
    """What fairness changed: the round as the draw alone would have it, beside the round as it is."""

    worst_without: float | None
    worst: float | None
    spread_without: float
    spread: float
    uneven_without: float
    """The sum over boroughs of (people left out)² / people."""
    uneven: float
    people_moved: int
    """People who have another supporter than without it, or one where they had none, or none."""
    evened: bool
    """False where too many people of one borough stand alike for boroughs to be evened."""


@dataclass(frozen=True, slots=True)
class Fairness:
    """The report of one round."""

    people: int
    matched: int
    total_score: float
    mean_score: float | None
    worst: tuple[str, str, float] | None
    """The demand, the supply and the score of the worst-off pair."""
    boroughs: tuple[Borough, ...]
    spread_of_shares: float
    """The best borough's matched share less the worst one's."""
    spread_of_means: float
    """The same of the mean scores of boroughs with anybody matched."""
    load: tuple[tuple[Supply, int], ...]
    """Each supporter with the people they were given."""
    effect: Effect


def report(
    demands: Sequence[Demand],
    supplies: Sequence[Supply],
    made: Sequence[tuple[Demand, Supply, int]],
    effect: Effect,
) -> Fairness:
    """The figures of a round from its pairs, with their scores in millionths."""
    boroughs = by_borough(demands, made)
    means = [one.mean_score for one in boroughs if one.mean_score is not None]
    worst = min(made, key=lambda pair: (pair[2], pair[0].id), default=None)
    loads = dict.fromkeys((one.id for one in supplies), 0)
    for _, supply, _ in made:
        loads[supply.id] += 1
    total = sum(score for *_, score in made)
    return Fairness(
        people=len(demands),
        matched=len(made),
        total_score=total / 1_000_000,
        mean_score=round(total / len(made) / 1_000_000, 6) if made else None,
        worst=(worst[0].id, worst[1].id, worst[2] / 1_000_000) if worst else None,
        boroughs=boroughs,
        spread_of_shares=spread(boroughs),
        spread_of_means=round(max(means) - min(means), 6) if means else 0.0,
        load=tuple((one, loads[one.id]) for one in sorted(supplies, key=lambda one: one.id)),
        effect=effect,
    )


def by_borough(demands: Sequence[Demand], made: Sequence[tuple[Demand, Supply, int]]) -> tuple[Borough, ...]:
    """Each borough that has people in the round, by its code."""
    people: dict[str, int] = {}
    scores: dict[str, list[int]] = {}
    for demand in demands:
        people[demand.borough] = people.get(demand.borough, 0) + 1
    for demand, _, score in made:
        scores.setdefault(demand.borough, []).append(score)
    return tuple(
        Borough(
            borough=one,
            people=people[one],
            matched=len(scores.get(one, ())),
            mean_score=round(fmean(scores[one]) / 1_000_000, 6) if one in scores else None,
        )
        for one in sorted(people)
    )


def spread(boroughs: Sequence[Borough]) -> float:
    """The best borough's matched share less the worst one's; 0 where there is none."""
    shares = [one.share for one in boroughs]
    return round(max(shares) - min(shares), 6) if shares else 0.0
