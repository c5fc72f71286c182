"""Pay beside its benchmark: which cell a role is measured by, and how far its offer lies from the middle."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from loti_contracts.events import Benchmark, Pay, Role
from loti_contracts.events.benchmarks import Quantiles
from services.portal.web.words import count, pounds

_ENOUGH: Final = 3
"""Offers. A cell of fewer is used only where no wider one has any more."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A role's offer, low to high in pence of the cell's period, and the benchmark that it is measured by."""

    cell: Benchmark
    middle: Quantiles
    low: int
    high: int
    of: str
    """What the cell is of, in words: "senior, inner London"."""
    sentence: str
    caution: str | None


@dataclass(frozen=True, slots=True)
class NotBeside:
    """There is nothing to compare; `why` says it to a reader."""

    why: str


def benchmark_period(role: Role) -> str | None:
    """The period whose cells a role's pay can be compared with; None where there are none such."""
    if role.standard_role is None or role.pay is None or role.pay.period not in ("year", "day"):
        return None
    return role.pay.period if _ends(role.pay) else None


def beside(role: Role, cells: Iterable[Benchmark]) -> Beside | NotBeside:
    """`cells`: those of the role's standard role and period."""
    why = _why_not(role)
    if why is not None:
        return NotBeside(why)
    cell = _cell_for(role, cells)
    ends = _ends(role.pay) if role.pay else None
    if cell is None or cell.middle is None or ends is None:
        return NotBeside("No comparable offer of this standard role is known yet, so there is no benchmark.")
    low, high = ends
    return Beside(
        cell=cell,
        middle=cell.middle,
        low=low,
        high=high,
        of=cell_in_words(cell),
        sentence=_sentence(cell, cell.middle, low, high),
        caution=_caution(role, cell),
    )


def cell_in_words(cell: Benchmark) -> str:
    """Senior, inner London."""
    level = "All levels" if cell.level == "all" else cell.level.capitalize()
    return f"{level}, {'all of London' if cell.area == 'london' else f'{cell.area} London'}"


def _why_not(role: Role) -> str | None:
    if role.pay is None:
        return "The advert does not say what it pays."
    if _ends(role.pay) is None:
        return f"No amounts could be read from the advert: {role.pay.why_not or 'it names none'}."
    if role.standard_role is None:
        return "No standard role fits this one, and pay is compared by standard role."
    if role.pay.period not in ("year", "day"):
        return f"It is paid by the {role.pay.period or 'unknown period'}; benchmarks are by the year and by the day."
    return None


def _ends(pay: Pay) -> tuple[int, int] | None:
    known = [end for end in (pay.minimum, pay.maximum) if end is not None]
    return (min(known), max(known)) if known else None


def _cell_for(role: Role, cells: Iterable[Benchmark]) -> Benchmark | None:
    """The narrowest cell with enough offers; of those with fewer, the one with most."""
    by_place = {(cell.level, cell.area): cell for cell in cells if cell.middle is not None}
    areas = {one.area for one in role.authorities}
    area = areas.pop() if len(areas) == 1 else "london"
    levels = [role.level, "all"] if role.level else ["all"]
    wanted = [(level, place) for level in levels for place in dict.fromkeys((area, "london"))]
    known = [by_place[one] for one in wanted if one in by_place]
    enough = next((cell for cell in known if cell.adverts >= _ENOUGH), None)
    return enough or max(known, key=lambda cell: cell.adverts, default=None)


def _sentence(cell: Benchmark, middle: Quantiles, low: int, high: int) -> str:
    offered = (low + high) // 2
    half = f"the middle half of {count(cell.adverts, 'offer')} ({pounds(middle.p25)} to {pounds(middle.p75)})"
    shown = f"The middle of this offer, {pounds(offered, cell.period)},"
    if cell.adverts < _ENOUGH:
        return f"{shown} stands beside only {count(cell.adverts, 'offer')}: too few to call it high or low."
    if offered < middle.p25:
        return f"{shown} is below {half}."
    if offered > middle.p75:
        return f"{shown} is above {half}."
    return f"{shown} is within {half}."


def _caution(role: Role, cell: Benchmark) -> str | None:
    if role.pay and role.pay.basis == "actual":
        return "The advert gives the pay for reduced hours; the benchmark is for full time."
    if role.level and cell.level == "all":
        return (
            f"Too few offers are known at the level {role.level}, so it is measured by all levels together."
        )
    if role.level is None:
        return "The advert's level is not known, so it is measured by all levels together."
    return None
