"""All figures from nothing: when the rules changed, after a migration, and to check that they are right.

Observations are made comparable anew from what their adverts said, each cell's steps are summed in the database, cell by
cell, and what differs is said. Its cost rises with the number of observations, not faster.
"""

from collections import Counter

import structlog

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.errors import TryAgain
from loti_contracts.vocabulary import authorities
from services.salaries import counting, store
from services.salaries.announce import announce
from services.salaries.benchmark import benchmark
from services.salaries.cells import LONDON, Cell
from services.salaries.ledger import MEASURES, CellState, Ledger
from services.salaries.observations import Observation, comparably
from services.salaries.quantiles import Sums
from services.salaries.rules import Rules
from services.salaries.steps import TOP, above_of
from services.salaries.weights import weight

_queries = queries_beside(__file__)
_log = structlog.get_logger("recount")
_PAGE = 2_000


async def if_due(tx: Connection, rules: Rules) -> bool:
    """Count everything anew if it was counted by other rules. Until `tx` ends nobody else can.

    Raises TryAgain while a process with other settings counts.
    """
    wanted = rules.fingerprint
    due = bool(await _queries.rules(tx) != wanted and await _queries.lock_rules(tx) != wanted)
    if due:
        await everything(tx, rules)
    if await _queries.share_rules(tx) != wanted:
        raise TryAgain("the figures were just counted by other rules; two processes have different settings")
    return due


async def everything(tx: Connection, rules: Rules) -> None:
    """Count everything anew, and say what differs; in the caller's transaction."""
    await _observe_anew(tx, rules)
    await _queries.forget_counts(tx)
    families: dict[Cell, str] = {}
    async for row in _queries.combinations(tx):
        for level in {"all", row["level"] or "all"}:
            for area in {LONDON, *row["areas"]}:
                families[Cell(row["standard_role"], level, area, row["period"])] = row["family"] or ""
    known = {
        Cell(row["standard_role"], row["level"], row["area"], row["period"])
        async for row in _queries.known_cells(tx)
    }
    months = [row["month"] async for row in _queries.months_of_offers(tx)]
    weights = [str(weight(month, half_life_months=rules.half_life_months)) for month in months]
    states = await store.lock_cells(tx, sorted(families.keys() | known))
    for cell, state in sorted(states.items()):
        state.family = families.get(cell, state.family)
        await _queries.read_whole_tables(tx, allowed="on")
        await _count_cell(tx, state, months, weights)
        await _queries.read_whole_tables(
            tx, allowed="off"
        )  # from here on as a batch does it, by the same plans
        ledger = Ledger({cell: state}, rules)
        await announce(tx, await counting.figures(tx, ledger), rules=rules, causes={})
    await _queries.save_rules(tx, rules=rules.fingerprint)
    _log.info("figures_counted_anew", cells=len(states), rules=rules.fingerprint)


async def differing(connection: Connection, rules: Rules) -> list[str]:
    """The ids of the cells whose figures are not those that all observations give, counted one by one: none, unless
    something is broken. Reads everything."""
    by_role: dict[str, list[Observation]] = {}
    async for row in _queries.counted_observations(connection):
        one = store.observation_of(row)
        by_role.setdefault(one.standard_role or "", []).append(one)
    wrong = []
    for was in await store.all_benchmarks(connection):
        cell = Cell(was.standard_role, was.level, was.area, was.period)
        offers = by_role.get(was.standard_role, [])
        now = benchmark(
            cell,
            offers,
            family=was.family,
            revision=was.revision,
            rules=rules,
            contributed=was.contributed,
        )
        if now != was:
            wrong.append(was.id)
    return wrong


async def _observe_anew(tx: Connection, rules: Rules) -> None:
    after = ""
    while page := [row async for row in _queries.page_of_observations(tx, after=after, most=_PAGE)]:
        after = page[-1]["role_id"]
        # What was kept before adverts were has no facts to be made comparable of, and stays.
        before = [store.observation_of(row) for row in page if row["advert"]]
        now = [(one, comparably(one, rules)) for one in before]
        await store.save_observations(tx, [new for old, new in now if new != old])


async def _count_cell(tx: Connection, state: CellState, months: list[int], weights: list[str]) -> None:
    cell = state.cell
    place = {
        "standard_role": cell.standard_role,
        "level": cell.level,
        "area": cell.area,
        "period": cell.period,
        "cell": state.number,
    }
    await _queries.fill_steps(tx, months=months, weights=weights, **place)
    await _queries.fill_month_steps(tx, **place)
    for level in range(TOP):
        await _queries.fill_level(tx, cell=state.number, level=level, bits=above_of(level))
    gss = [code for code, one in authorities().items() if cell.area in (LONDON, one.area)]
    await _queries.fill_boroughs(tx, gss=gss, **place)
    await _queries.fill_days(tx, **place)
    state.sums = [Sums() for _ in MEASURES]
    async for row in _queries.sums_of_cell(tx, months=months, weights=weights, **place):
        state.sums[row["measure"]] = Sums(row["adverts"], int(row["weight"]), int(row["squares"]))
    counts = [
        (row["month"], row["adverts"])
        async for row in _queries.middles_by_month(tx, cell=state.number, level=TOP)
    ]
    state.months = Counter(dict(counts))
    state.adverts = await _queries.adverts_of_cell(tx, cell=state.number) or 0
    state.changed = True
