"""Which cells the page shows where: the chart's rows, the table of levels and areas, contributed pay."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from loti_contracts.events import Benchmark
from loti_contracts.vocabulary import LEVELS
from services.salaries import in_words
from services.salaries.pack.chart import NARROW, WIDE, Range, placed

AREAS: Final = ("inner", "outer", "london")

Cells: TypeAlias = Mapping[tuple[str, str], Benchmark]
"""One period's cells of one role, by level and area."""


def told(cells: Cells, level: str, area: str) -> Benchmark | None:
    """The cell, if it has adverts."""
    cell = cells.get((level, area))
    return cell if cell is not None and cell.adverts else None


def seen(cells: Cells) -> list[str]:
    """The levels that have adverts anywhere, lowest first."""
    return [level for level in LEVELS if any(told(cells, level, area) for area in AREAS)]


def by_level(cells: Cells) -> list[dict[str, Any]]:
    """The rows of the table of levels and areas, all levels first, unless one level is all there is."""
    first = [] if _only(cells) or not told(cells, "all", "london") else ["all"]
    return [
        {
            "level": in_words.level(level).capitalize(),
            "cells": [told(cells, level, area) for area in AREAS],
        }
        for level in [*first, *seen(cells)]
    ]


def chart(cells: Cells) -> dict[str, Any] | None:
    """The chart, wide and narrow, and the cells that it shows; None where no advert prints both ends."""
    shown = [cell for cell in _rows(cells) if cell.bottom and cell.middle and cell.top]
    if not shown:
        return None
    ranges = [_range(cell) for cell in shown]
    return {
        "wide": placed(ranges, WIDE),
        "narrow": placed(ranges, NARROW),
        "cells": shown,
        "labels": [_label(cell) for cell in shown],
        "outer": any(one.outer for one in ranges),
    }


def paid(cells: Sequence[Benchmark]) -> list[dict[str, Any]]:
    """What is told of contributed pay, cells of which the same is said together."""
    order = {name: place for place, name in enumerate(("all", *LEVELS))}
    known = [cell for cell in cells if cell.contributed is not None]
    known.sort(key=lambda cell: (order[cell.level], -AREAS.index(cell.area)))
    said: dict[str, list[str]] = {}
    for cell in known:
        words = in_words.paid(cell)
        name = f"{in_words.level(cell.level).capitalize()}, {in_words.area(cell.area)}"
        said.setdefault(words[:1].upper() + words[1:], []).append(name)
    return [{"cells": names, "said": words} for words, names in said.items()]


def _only(cells: Cells) -> bool:
    """Whether one level has all the adverts, so that all levels would say the same again."""
    levels = seen(cells)
    whole = told(cells, "all", "london")
    one = told(cells, levels[0], "london") if len(levels) == 1 else None
    return whole is not None and one is not None and one.adverts == whole.adverts


def _rows(cells: Cells) -> list[Benchmark]:
    """All levels, then by area, then each level; without rows that would say the same twice."""
    whole = [] if _only(cells) else [told(cells, "all", "london")]
    areas = [told(cells, "all", area) for area in ("inner", "outer")]
    levels = [told(cells, level, "london") for level in LEVELS]
    rows = [*whole, *(areas if all(areas) else []), *levels]
    return [cell for cell in rows if cell is not None]


def _label(cell: Benchmark) -> str:
    if cell.level != "all":
        return cell.level.capitalize()
    return "All levels" if cell.area == "london" else f"{cell.area.capitalize()} London"


def _range(cell: Benchmark) -> Range:
    if cell.bottom is None or cell.middle is None or cell.top is None:
        raise ValueError(f"{cell.id} has no whole range to draw")
    enough = cell.adverts >= in_words.TENTHS_FROM
    return Range(
        label=_label(cell),
        note=in_words.count(cell.adverts, "advert"),
        bottom=cell.bottom.p50,
        middle=cell.middle.p50,
        top=cell.top.p50,
        outer=(cell.bottom.p10, cell.top.p90) if enough else None,
    )
