"""Which cells the pages show where, and what each shows: enough adverts first, words and figures alike. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from loti_contracts.events import Benchmark, Quantiles
from loti_contracts.vocabulary import FAMILIES, LEVELS
from services.portal.pay import in_words
from services.portal.pay.asked import Period
from services.portal.pay.range_chart import RangeChart, Row, placed
from services.portal.web.words import count

_ORDER: Final = {name: place for place, name in enumerate(("all", *LEVELS))}


def by_level(cells: Iterable[Benchmark]) -> list[Benchmark]:
    """All levels first, then rising."""
    return sorted(cells, key=lambda cell: _ORDER.get(cell.level, len(_ORDER)))


def by_family(cells: Iterable[Benchmark]) -> list[tuple[str, list[Benchmark]]]:
    """Each family with its roles' cells, in the framework's order, then by name."""
    found: dict[str, list[Benchmark]] = {}
    for cell in sorted(cells, key=lambda cell: cell.standard_role):
        found.setdefault(cell.family, []).append(cell)
    known = {name: place for place, name in enumerate(FAMILIES)}
    return sorted(found.items(), key=lambda one: (known.get(one[0], len(known)), one[0]))


def chart(
    cells: Sequence[Benchmark], *, by_role: bool = False, among: Sequence[Benchmark] = ()
) -> tuple[RangeChart, RangeChart] | None:
    """A row for the middle of each cell's offers. The cells are of one period; `among` share the scale."""
    if not cells:
        return None
    rows, others = ([_row(cell, by_role) for cell in some] for some in (cells, among))
    return placed(rows, cells[0].period, among=others)


def ends_chart(cell: Benchmark) -> tuple[RangeChart, RangeChart] | None:
    """Where the offers of one cell start, have their middle, and end."""
    rows = [ranged(name, quantiles, cell.adverts) for name, quantiles in ends(cell)]
    return placed(rows, cell.period)


def ends(cell: Benchmark) -> list[tuple[str, Quantiles]]:
    """The three distributions that a cell has."""
    named = (
        ("Offers start at", cell.bottom),
        ("Middle of the offers", cell.middle),
        ("Offers end at", cell.top),
    )
    return [(name, quantiles) for name, quantiles in named if quantiles is not None]


def ranged(label: str, quantiles: Quantiles, adverts: int, note: str = "") -> Row:
    """A row that shows as much as so many adverts carry."""
    return Row(
        label=label,
        note=note,
        middle=quantiles.p50,
        quarters=(quantiles.p25, quantiles.p75) if adverts >= in_words.QUARTERS_FROM else None,
        tenths=(quantiles.p10, quantiles.p90) if adverts >= in_words.TENTHS_FROM else None,
    )


def shown(quantiles: Quantiles, adverts: int) -> tuple[str, str, str, str, str]:
    """P10, P25, P50, P75 and P90 for a table; a dash where there are too few adverts for one."""
    quarters, tenths = adverts >= in_words.QUARTERS_FROM, adverts >= in_words.TENTHS_FROM
    known = (tenths, quarters, True, quarters, tenths)
    amounts = (quantiles.p10, quantiles.p25, quantiles.p50, quantiles.p75, quantiles.p90)
    a, b, c, d, e = (
        in_words.whole(pence if is_ else None) for pence, is_ in zip(amounts, known, strict=True)
    )
    return a, b, c, d, e


def name(cell: Benchmark, *, by_role: bool) -> str:
    """What a row is called where the rest is in the heading."""
    if by_role:
        return cell.standard_role
    return "All levels" if cell.level == "all" else cell.level.capitalize()


def period_of(cells: Sequence[Benchmark]) -> Period:
    """All of them have the same."""
    return cells[0].period if cells else "year"


def _row(cell: Benchmark, by_role: bool) -> Row:
    label = name(cell, by_role=by_role)
    if cell.middle is None:
        return Row(label)
    return ranged(label, cell.middle, cell.adverts, count(cell.adverts, "advert"))
