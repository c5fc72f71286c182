"""The page as HTML, from what it shows. Pure: the same figures on the same day give the same page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import jinja2

from loti_contracts.events import Benchmark
from loti_contracts.vocabulary import ATTRIBUTION, LEVELS, authorities
from services.salaries import confidence, in_words
from services.salaries.contributed.rules import RULES as DISCLOSURE
from services.salaries.contributed.wording import FEW
from services.salaries.observations import Observation
from services.salaries.pack import tables
from services.salaries.pack.adverts import advert, link
from services.salaries.rules import Rules


@dataclass(frozen=True, slots=True)
class Pack:
    """What a page shows: a role's cells, by the year and by the day, and its latest offers."""

    role: str
    level: str
    """The level that the page begins with, or `all`."""
    cells: Sequence[Benchmark]
    offers: Sequence[Observation]
    day_offers: Sequence[Observation]
    rules: Rules
    today: date
    method_url: str | None = None
    corrections_to: str | None = None


def page(pack: Pack) -> str:
    """One HTML file, complete in itself. Whatever an advert says is escaped; a link that is not http is shown as
    text."""
    yearly: tables.Cells = {(cell.level, cell.area): cell for cell in pack.cells if cell.period == "year"}
    daily: tables.Cells = {(cell.level, cell.area): cell for cell in pack.cells if cell.period == "day"}
    main = tables.told(yearly, pack.level, "london")
    whole = tables.told(yearly, "all", "london")
    whole_day = tables.told(daily, "all", "london")
    return _template().render(
        pack=pack,
        title=pack.role if pack.level == "all" else f"{pack.role}, {pack.level}",
        summary=_summary(pack, main, whole),
        facts=_facts(told) if (told := main or whole) else [],
        chart=tables.chart(yearly),
        levels=tables.by_level(yearly),
        unseen=[level for level in LEVELS if level not in tables.seen(yearly)],
        day_says=in_words.figures(whole_day) if whole_day else None,
        day_levels=tables.by_level(daily),
        offers=[advert(offer) for offer in pack.offers],
        day_offers=[advert(offer) for offer in pack.day_offers],
        paid=tables.paid([cell for cell in yearly.values() if cell.adverts or cell.contributed]),
        paid_everywhere=all(cell.contributed for cell in yearly.values() if cell.adverts),
        few=FEW,
        medium=confidence.MEDIUM,
        high=confidence.HIGH,
        disclosure=DISCLOSURE,
        boroughs=len(authorities()),
        method=link(pack.method_url),
        attribution=ATTRIBUTION,
        words=in_words,
    )


def _summary(pack: Pack, main: Benchmark | None, whole: Benchmark | None) -> list[str]:
    at = "" if pack.level == "all" else f" at level {pack.level}"
    none = [] if main else [f"No borough’s advert gives a yearly salary for this role{at} yet."]
    told = main or whole
    if told is None:
        return none
    figures = in_words.figures(told)
    return [
        *none,
        figures if main else f"All levels together: {figures[0].lower()}{figures[1:]}",
        in_words.evidence(told, pack.today),
        in_words.confidence(told),
        in_words.trend(told),
    ]


def _facts(main: Benchmark) -> list[tuple[str, str]]:
    named = (("Typical middle", main.middle), ("Typical start", main.bottom), ("Typical end", main.top))
    facts = [(name, in_words.pounds(amount.p50)) for name, amount in named if amount][:1]
    facts += [("Adverts", f"{main.adverts:,}"), ("Boroughs", f"{main.boroughs} of {len(authorities())}")]
    if main.freshest:
        facts.append(("Newest advert", f"{main.freshest.day} {main.freshest:%b %Y}"))
    return [*facts, ("Confidence", (main.confidence or "not judged").capitalize())]


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("services.salaries.pack", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")
