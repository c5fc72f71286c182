"""A round's result for a person to read, in a terminal of eighty columns or more."""

from rich import box
from rich.console import Console
from rich.table import Table

from services.matching.rounds.bars import borough_named
from services.matching.rounds.fairness import Fairness
from services.matching.rounds.result import Pair, Result
from services.matching.rounds.scoring import MILLION


def print_result(result: Result) -> None:
    """Pairs, those left out, what would help, fairness and changes, in this order."""
    console = Console(highlight=False, emoji=False, markup=False, soft_wrap=False)
    found = result.fairness
    if result.pairs:
        console.print(_pairs(result.pairs))
    console.print(f"{found.matched} of {found.people} people are matched (seed {result.seed}).")
    if result.left_out:
        console.print(_left_out(result))
    for one in result.remedies:
        console.print(f"If {one.what}: {one.helped} more of the {len(result.left_out)}.")
    if result.left_out and not result.remedies:
        console.print(f"There is no supporter: {len(result.left_out)} places are needed.")
    if result.changes is not None:
        changes = result.changes
        console.print(
            f"\nOf the earlier pairs {len(changes.kept)} are kept, {len(changes.changed)} changed and "
            f"{len(changes.lost)} lost; newly matched: {len(changes.new)}."
        )
        for change in changes.changed:
            console.print(f"  {change.demand}: {change.before} → {change.now}")
        for lost in changes.lost:
            console.print(f"  {lost.demand}: {lost.before} → nobody. {lost.why}")
    if found.people:
        _print_fairness(console, result)


def _pairs(pairs: tuple[Pair, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=False, show_lines=False, padding=(0, 1))
    for name, ratio in (("Person", 4), ("Supporter", 4)):
        table.add_column(name, ratio=ratio, overflow="fold", min_width=14)
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Why", ratio=8, overflow="fold")
    for pair in pairs:
        table.add_row(
            f"{pair.demand.name}\n{borough_named(pair.demand.borough)}",
            f"{pair.supply.name}\n{borough_named(pair.supply.borough)}",
            f"{pair.score / MILLION:.2f}",
            " ".join(part.sentence for part in pair.parts),
        )
    return table


def _left_out(result: Result) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=False, padding=(0, 1))
    table.add_column("Not matched", ratio=3, overflow="fold", min_width=14)
    table.add_column("Why", ratio=10, overflow="fold")
    for one in result.left_out:
        table.add_row(f"{one.demand.name}\n{borough_named(one.demand.borough)}", one.why)
    return table


def _print_fairness(console: Console, result: Result) -> None:
    found = result.fairness
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    table.add_column("Borough", overflow="fold")
    for name in ("People", "Matched", "Share", "Mean score"):
        table.add_column(name, justify="right")
    for one in found.boroughs:
        mean = "–" if one.mean_score is None else f"{one.mean_score:.2f}"
        table.add_row(borough_named(one.borough), str(one.people), str(one.matched), f"{one.share:.0%}", mean)
    console.print(table)
    console.print(
        f"Between the best and the worst borough lie {found.spread_of_shares:.0%} of people matched "
        f"and {found.spread_of_means:.2f} of mean score."
    )
    worst = min(result.pairs, key=lambda pair: (pair.score, pair.demand.id), default=None)
    if worst is not None and found.mean_score is not None:
        console.print(
            f"Mean score {found.mean_score:.2f}; the worst-off pair is {worst.demand.name} with "
            f"{worst.supply.name}, {worst.score / MILLION:.2f}."
        )
    used = sum(1 for _, load in found.load if load)
    full = sum(1 for one, load in found.load if load and load == one.capacity)
    places = sum(one.capacity for one, _ in found.load)
    console.print(
        f"{used} of {len(found.load)} supporters have somebody, {full} are full; "
        f"{found.matched} of {places} places are used."
    )
    console.print(_effect(found))


def _effect(found: Fairness) -> str:
    effect = found.effect
    uneven = "" if effect.evened else " Boroughs were not evened: too many people of one borough stand alike."
    if not effect.people_moved:
        return f"Fairness changed nothing: no equally good round was fairer than the draw.{uneven}"
    before, after = effect.worst_without or 0.0, effect.worst or 0.0
    return (
        f"Fairness gave {effect.people_moved} people another result than the draw alone: the worst-off pair "
        f"{before:.2f} → {after:.2f}, the difference between boroughs {effect.spread_without:.0%} → {effect.spread:.0%}."
        f"{uneven}"
    )
