"""Salaries: its tables and what it said are a count from nothing over the roles that were said. Pure."""

from collections.abc import Iterator
from typing import Any

from loti_contracts.events import Benchmark, PaySignal, Role
from loti_contracts.events.topics import BENCHMARKS, PAY_SIGNALS, ROLES
from services.salaries.benchmark import benchmark
from services.salaries.cells import Cell, cells_of
from services.salaries.observations import Observation, observe
from tests.chaos.checking.findings import Finding
from tests.chaos.checking.world import World, plain


def check_salaries(world: World) -> Iterator[Finding]:
    """Every revision of every role is an observation; every benchmark is what its observations give, on the topic and in the
    table; every signal was said once."""
    observations = {id_: observe(role) for id_, role in world.states(ROLES, Role).items()}
    yield from _observations(world, observations)
    yield from _benchmarks(world, observations)
    yield from _signals(world)


def _observations(world: World, wanted: dict[str, Observation]) -> Iterator[Finding]:
    kept = {str(row["role_id"]): row for row in world.rows("salaries", "observations")}
    for id_, one in wanted.items():
        row = kept.pop(id_, None)
        if row is None:
            yield Finding(
                "lost", "salaries' observations", id_, f"revision {one.revision} of the role is observed"
            )
        elif _told(row) != (
            one.revision,
            one.standard_role,
            one.level,
            one.bottom,
            one.top,
            one.why_left_out,
        ):
            yield Finding("wrong", "salaries' observations", id_, f"it is what revision {one.revision} gives")
    for id_ in kept:
        yield Finding("wrong", "salaries' observations", id_, "no such role was said")
    seen = {(str(row["role_id"]), int(row["revision"])) for row in world.rows("salaries", "observations")}
    seen |= {
        (str(row["role_id"]), int(row["revision"]))
        for row in world.rows("salaries", "superseded_observations")
    }
    for one_said in world.said_on(ROLES):
        if (one_said.said.subject, one_said.revision) not in seen:
            what = f"{one_said.said.subject}, revision {one_said.revision}"
            yield Finding("lost", "salaries' observations", what, "each revision is kept")


def _told(row: Any) -> tuple[Any, ...]:
    return tuple(
        row[name] for name in ("revision", "standard_role", "level", "bottom", "top", "why_left_out")
    )


def _benchmarks(world: World, observations: dict[str, Observation]) -> Iterator[Finding]:
    said = world.states(BENCHMARKS, Benchmark)
    inside: dict[Cell, list[Observation]] = {}
    for one in observations.values():
        for cell in cells_of(one):
            inside.setdefault(cell, []).append(one)
    for cell, offers in inside.items():
        is_ = said.get(cell.id)
        if is_ is None:
            yield Finding("lost", BENCHMARKS.name, cell.id, f"{len(offers)} adverts are counted in it")
        elif is_ != benchmark(cell, offers, family=is_.family, revision=is_.revision):
            yield Finding(
                "wrong",
                BENCHMARKS.name,
                cell.id,
                f"it is counted from {len(offers)} adverts, not {is_.adverts}",
            )
    counted = {cell.id for cell in inside}
    for id_, is_ in said.items():
        if id_ not in counted and is_.adverts:
            yield Finding("wrong", BENCHMARKS.name, id_, "no advert is counted in it")
    kept = {
        str(row["id"]): row["benchmark"] for row in world.rows("salaries", "benchmarks") if row["benchmark"]
    }
    for id_, is_ in said.items():
        if id_ not in kept or plain(Benchmark.model_validate(kept[id_])) != plain(is_):
            yield Finding(
                "wrong", "salaries' benchmarks", id_, f"it is revision {is_.revision}, as it was said"
            )
    for id_ in kept.keys() - said.keys():
        yield Finding("lost", BENCHMARKS.name, id_, "salaries keeps it, so it was said")


def _signals(world: World) -> Iterator[Finding]:
    said = world.states(PAY_SIGNALS, PaySignal)
    kept = {str(row["id"]) for row in world.rows("salaries", "pay_signals")}
    for id_ in kept - said.keys():
        yield Finding("lost", PAY_SIGNALS.name, id_, "salaries raised it, so it was said")
    for id_ in said.keys() - kept:
        yield Finding("lost", "salaries' pay_signals", id_, "it was said, so it is kept, and not told again")
