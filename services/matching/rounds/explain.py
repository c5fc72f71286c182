"""Why two people are not a pair, for any two of a round."""

from collections.abc import Mapping

from services.matching.rounds.bars import Bar, bar_of, barred, bars, kinds
from services.matching.rounds.people import Demand, Round, Supply
from services.matching.rounds.result import Result
from services.matching.rounds.scoring import MILLION, score_of


class Explained:
    """The answers to `why not these two?` for one round and its result."""

    def __init__(self, round_: Round, result: Result) -> None:
        self._round = round_
        self._made: Mapping[str, Supply] = {pair.demand.id: pair.supply for pair in result.pairs}
        self._with: dict[str, list[Demand]] = {}
        self._listed: dict[tuple[str, str], Bar] = {}
        for pair in result.pairs:
            self._with.setdefault(pair.supply.id, []).append(pair.demand)
        for one in round_.conflicts:
            at = one.demand_id, one.supply_id
            self._listed[at] = self._listed.get(at, Bar.NONE) | bar_of(one.why)

    def why_not(self, demand: Demand, supply: Supply) -> str:
        """Why this person does not have this supporter, as a sentence; the reasons for it where they do."""
        now = self._made.get(demand.id)
        if now is not None and now.id == supply.id:
            return f"{demand.name} and {supply.name} are a pair."
        found = self._bars(demand, supply)
        if found:
            return f"{supply.name} {' and '.join(barred(bar, demand, supply) for bar in kinds(found))}."
        if not supply.capacity:
            return f"{supply.name} offers no place."
        theirs = score_of(demand, supply)
        taken = self._taken(supply)
        if now is None:
            return f"{supply.name} would score {_said(theirs)}, but {taken}: {self._no_better(demand)}"
        has = score_of(demand, now)
        if theirs <= has:
            return f"{supply.name} would score {_said(theirs)}; {now.name} scores {_said(has)}."
        if len(self._with.get(supply.id, ())) < supply.capacity:
            return f"{demand.name} stays with {now.name}, as before, although {supply.name} would score {_said(theirs)}."
        return (
            f"{supply.name} would score {_said(theirs)} rather than {_said(has)} with {now.name}, but {taken}: "
            f"{self._no_better(demand)}"
        )

    def _no_better(self, demand: Demand) -> str:
        return f"no round that gives {demand.name} this place is better as a whole."

    def _bars(self, demand: Demand, supply: Supply) -> Bar:
        at = demand.id, supply.id
        if at in self._round.excepted:
            return Bar.NONE
        listed = self._listed.get(at, Bar.NONE)
        return bars(demand, supply, listed=listed, related_only=self._round.related_only)

    def _taken(self, supply: Supply) -> str:
        people = self._with.get(supply.id, [])
        names = [f"{one.name} ({_said(score_of(one, supply))})" for one in people[:3]]
        more = f" and {len(people) - 3} more" if len(people) > 3 else ""
        places = "the one place goes" if supply.capacity == 1 else f"the {supply.capacity} places go"
        return f"{places} to {', '.join(names)}{more}"


def _said(score: int) -> str:
    return f"{score / MILLION:.2f}"
