"""One odd value in the place of every leaf of every example: what chance finds once in a hundred thousand, in order.

    python -m tests.malformed.sweeping [SERVICE …]

Prints what was parked by an error that nobody thought of; exit status 1 where there was any. Needs nothing running.
"""

import argparse
import asyncio
import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Final

from loti_contracts.delivery.parking import Received
from tests.malformed.__main__ import quiet
from tests.malformed.messages import newer, outcome
from tests.malformed.outcomes import Tally
from tests.malformed.worlds import Hearing, hearing, received
from tests.servers import Postgres, run_postgres

LARGE: Final = (10**30, 2**63)
EARLY_AND_LATE: Final = (
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00", "0001-01-01", "9999-12-31",
)  # fmt: skip
LONG: Final = ("x" * 70_000,)

Path = tuple[str | int, ...]


def leaves(value: Any, at: Path = ()) -> Iterator[Path]:
    """Where something stands in a JSON value that has nothing in it; of a list, in its first two."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*at, name))
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value[:2]):
            yield from leaves(inner, (*at, place))
    else:
        yield at


def with_odd(value: Any, at: Path, odd: object) -> Any:
    """The value with that in the place of a leaf."""
    found = inner = copy.deepcopy(value)
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = odd
    return found


def swept(to: Hearing, odd: Sequence[object]) -> Iterator[Received]:
    """Every example that the service handles, newer each time, with each odd value in each place."""
    numbers = count(100_000)
    for one in to.examples():
        for at in leaves(one.value) if one.value is not None else ():
            for value in odd:
                number = next(numbers)
                odd_one = replace(
                    one,
                    value=with_odd(newer(one.value, number), at, value),
                    headers={**one.headers, "ce_id": f"swept-{number}"},
                )
                yield received(odd_one, offset=number)


async def sweep(to: Hearing, odd: Sequence[object]) -> Tally:
    """What came of them."""
    tally = Tally()
    for message in swept(to, odd):
        shown = repr((message.topic, message.value)).encode()
        tally.add(await outcome(to, message), shown)
    return tally


async def _run(postgres: Postgres, names: Sequence[str]) -> int:
    bad = 0
    async with hearing(postgres) as all_:
        for one in all_:
            if names and one.service.name not in names:
                continue
            found = await sweep(one, (*LARGE, *EARLY_AND_LATE, *LONG))
            bad += found.counts["unexpected"] + found.counts["crashed"]
            print(one.service.name, dict(found.counts), *found.examples, sep="\n    ", flush=True)  # noqa: T201
    return bad


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.malformed.sweeping")
    parser.add_argument("service", nargs="*")
    asked = parser.parse_args()
    quiet()
    with run_postgres(lambda text: None) as server:
        raise SystemExit(1 if asyncio.run(_run(server, asked.service)) else 0)
