"""The table of benchmarks as rows and columns that a spreadsheet or a notebook reads."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from loti_contracts.events import Benchmark

Value: TypeAlias = str | int | float | Decimal | date | None
Kind: TypeAlias = Literal["text", "count", "number", "percent", "pounds", "date"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
"""What a text may begin with for a spreadsheet to run it (OWASP, CSV injection)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, which ends in the unit where there is one, its kind, where its value stands in a
    benchmark, and what it means."""

    name: str
    kind: Kind
    path: str
    about: str

    def of(self, cell: Benchmark) -> Value:
        """Its value for a cell: amounts in pounds, to the penny; None where the cell says nothing."""
        found: Any = cell
        for step in self.path.split("."):
            found = None if found is None else getattr(found, step)
        if found is None:
            return None
        if self.kind in ("pounds", "percent"):
            return Decimal(found).scaleb(-2) if self.kind == "pounds" else found / 100
        value: Value = found
        return value


def _quantiles(name: str, path: str, of_what: str) -> Iterator[Column]:
    for p in (10, 25, 50, 75, 90):
        about = f"{p}th percentile of {of_what}." if p != 50 else f"Median of {of_what}."
        yield Column(f"{name}_p{p}_gbp", "pounds", f"{path}.p{p}", about)


COLUMNS: Final = (
    Column("benchmark_id", "text", "id", "The cell: role, level and area; day rates end in .day."),
    Column("revision", "count", "revision", "Counts up with every change of the cell."),
    Column("standard_role", "text", "standard_role", "Role of the Government Digital and Data framework."),
    Column("family", "text", "family", "The role's family in the framework."),
    Column("level", "text", "level", "trainee to chief, or all."),
    Column("area", "text", "area", "inner, outer, or london for both."),
    Column("period", "text", "period", "What amounts are for: a full-time year, or a day."),
    Column("adverts", "count", "adverts", "Offers that count."),
    Column("boroughs", "count", "boroughs", "Authorities that made them."),
    Column("effective_adverts", "number", "effective", "Offers of equal weight that they amount to."),
    Column("confidence", "text", "confidence", "none, low, medium or high."),
    Column("oldest_advert", "date", "oldest", "Day of the oldest offer."),
    Column("freshest_advert", "date", "freshest", "Day of the newest offer."),
    Column("half_life_months", "count", "half_life_months", "Months after which an offer weighs half."),
    *_quantiles("bottom", "bottom", "the lower ends of the offered ranges"),
    *_quantiles("middle", "middle", "the middles of the offered ranges"),
    *_quantiles("top", "top", "the upper ends of the offered ranges"),
    Column("likely_low_gbp", "pounds", "likely.low", "95% interval of the middle's median, from."),
    Column("likely_high_gbp", "pounds", "likely.high", "95% interval of the middle's median, to."),
    Column("trend_percent", "percent", "trend.change", "Last six months over the six before."),
    *_quantiles("paid", "contributed.paid", "contributed pay"),
    Column("paid_boroughs", "count", "contributed.boroughs", "Boroughs that contributed."),
    Column("paid_posts", "count", "contributed.posts", "Posts contributed, rounded."),
    Column("paid_as_of", "date", "contributed.as_of", "Day on which contributed pay was published."),
    Column("paid_withheld", "text", "contributed.suppressed", "Why contributed pay is not shown."),
)


def rows(benchmarks: Iterable[Benchmark]) -> list[list[Value]]:
    """A row for each cell that says anything, by id, a value for each column."""
    told = sorted((cell for cell in benchmarks if cell.adverts or cell.contributed), key=lambda cell: cell.id)
    return [[column.of(cell) for column in COLUMNS] for cell in told]


def as_csv(benchmarks: Iterable[Benchmark]) -> bytes:
    """The table as CSV (RFC 4180, UTF-8), the first line the columns' names. A spreadsheet runs no text in it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows([_unrun(value) for value in row] for row in rows(benchmarks))
    return out.getvalue().encode("utf-8")


def _unrun(value: Value) -> Value:
    """A text that a spreadsheet would run is led by an apostrophe, which makes it text there."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
