"""What boroughs advertise and what it pays, as it was heard: roles and benchmarks. The SQL is in `queries.sql`."""

from collections.abc import Sequence

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Benchmark, Role

_queries = queries_beside(__file__)


async def save_benchmark(tx: Connection, benchmark: Benchmark) -> bool:
    """Keep a benchmark; False when it is not newer than what is known."""
    saved = await _queries.save_benchmark(
        tx,
        id=benchmark.id,
        revision=benchmark.revision,
        standard_role=benchmark.standard_role,
        state=benchmark.model_dump_json(),
    )
    return saved is not None


async def save_role(tx: Connection, role: Role) -> bool:
    """Keep a role without its description; False when it is not newer than what is known."""
    saved = await _queries.save_role(
        tx,
        id=role.id,
        revision=role.revision,
        status=role.status,
        title=role.title,
        standard_role=role.standard_role.name if role.standard_role else None,
        family=role.standard_role.family if role.standard_role else None,
        level=role.level,
        boroughs=[authority.gss for authority in role.authorities],
        found_at=role.found_at,
        closed_at=role.closed_at,
        posted_on=role.posted_on,
        closes_on=role.closes_on,
        readvertises=role.readvertises,
        state=role.model_dump_json(exclude={"description"}),
    )
    return saved is not None


async def load_benchmarks(tx: Connection, standard_role: str) -> Sequence[Benchmark]:
    """Every cell known of a standard role."""
    rows = _queries.load_benchmarks(tx, standard_role=standard_role)
    return [Benchmark.model_validate_json(row["state"]) async for row in rows]


async def load_live_roles(tx: Connection, standard_role: str) -> Sequence[Role]:
    """Every open role of a standard role, without descriptions."""
    rows = _queries.load_live_roles(tx, standard_role=standard_role)
    return [Role.model_validate_json(row["state"]) async for row in rows]
