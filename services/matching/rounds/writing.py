"""A result as JSON, and the pairs of an earlier one back from it."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ValidationError

from services.matching.rounds.bars import Bar, borough_named, kinds
from services.matching.rounds.fairness import Fairness
from services.matching.rounds.result import LeftOut, Pair, Result
from services.matching.rounds.scoring import MILLION


class BadResult(Exception):
    """A file that holds no result of a round; the text says what is wrong and what to do."""


class _EarlierPair(BaseModel):
    demand: str
    supply: str


class _Earlier(BaseModel):
    pairs: Sequence[_EarlierPair]


def as_document(result: Result) -> Mapping[str, object]:
    """The whole result in plain values; scores and shares are 0 to 1."""
    return {
        "pairs": [_pair(one) for one in result.pairs],
        "unmatched": [_left_out(one) for one in result.left_out],
        "fairness": _fairness(result.fairness),
        "relaxations": [
            {"what": one.what, "constraints": _names(one.lifted), "places": one.places, "helps": one.helped}
            for one in result.remedies
        ],
        "changes": None
        if result.changes is None
        else {
            "kept": list(result.changes.kept),
            "changed": [
                {"demand": one.demand, "before": one.before, "now": one.now} for one in result.changes.changed
            ],
            "new": list(result.changes.new),
            "lost": [
                {"demand": one.demand, "before": one.before, "why": one.why} for one in result.changes.lost
            ],
        },
        "seed": result.seed,
    }


def read_pairs(text: str, *, name: str) -> frozenset[tuple[str, str]]:
    """The pairs (demand id, supply id) of a result as JSON. Raises BadResult, which calls the file by `name`."""
    try:
        pairs = _Earlier.model_validate_json(text).pairs
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadResult(
            f"{name}{', ' + where if where else ''}: {first['msg']}; expected what `loti matching round --json` prints"
        ) from error
    seen: set[str] = set()
    for one in pairs:
        if one.demand in seen:
            raise BadResult(
                f"{name}: demand {one.demand} is in two pairs; expected one supporter for each person"
            )
        seen.add(one.demand)
    return frozenset((one.demand, one.supply) for one in pairs)


def _pair(pair: Pair) -> Mapping[str, object]:
    whole = sum(part.weight for part in pair.parts)
    return {
        "demand": pair.demand.id,
        "supply": pair.supply.id,
        "score": pair.score / MILLION,
        "reasons": [
            {
                "part": part.name,
                "score": part.score / MILLION,
                "weight": round(part.weight / whole, 6),
                "sentence": part.sentence,
            }
            for part in pair.parts
        ],
        "demand_name": pair.demand.name,
        "supply_name": pair.supply.name,
    }


def _left_out(one: LeftOut) -> Mapping[str, object]:
    near = one.nearest
    return {
        "demand": one.demand.id,
        "why": one.why,
        "would_match": None
        if near is None
        else {"supply": near.supply.id, "lifted": _names(near.lifted), "places": near.places},
        "demand_name": one.demand.name,
    }


def _names(lifted: Bar) -> list[str]:
    return [str(bar.name).lower().replace("_", " ") for bar in kinds(lifted)]


def _fairness(found: Fairness) -> Mapping[str, object]:
    effect = found.effect
    worst = found.worst
    return {
        "people": found.people,
        "matched": found.matched,
        "matched_share": round(found.matched / found.people, 6) if found.people else None,
        "total_score": found.total_score,
        "mean_score": found.mean_score,
        "worst_off": None if worst is None else {"demand": worst[0], "supply": worst[1], "score": worst[2]},
        "boroughs": [
            {
                "borough": one.borough,
                "name": borough_named(one.borough),
                "people": one.people,
                "matched": one.matched,
                "matched_share": round(one.share, 6),
                "mean_score": one.mean_score,
            }
            for one in found.boroughs
        ],
        "spread": {"matched_share": found.spread_of_shares, "mean_score": found.spread_of_means},
        "load": [{"supply": one.id, "places": one.capacity, "used": used} for one, used in found.load],
        "effect": {
            "worst_score": {"without": effect.worst_without, "with": effect.worst},
            "spread_of_shares": {"without": effect.spread_without, "with": effect.spread},
            "unevenness": {"without": effect.uneven_without, "with": effect.uneven},
            "people_moved": effect.people_moved,
            "boroughs_evened": effect.evened,
        },
    }
