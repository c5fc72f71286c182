"""Malformed inputs over every boundary: `make malformed`, or

`python -m tests.malformed [--inputs 100000] [--seed 0] [--only TEXT] [--json]`

What comes in from outside, each with something wrong in it: messages on Kafka to each service, documents of boards, files that
people hand in, mails that come back, answers of other machines, requests to each site as each kind of visitor. Prints what
came of them, a line a boundary. Exit status 1: something crashed, was lost, or was refused without a reason.
Needs nothing running: it starts a PostgreSQL of its own, unless LOTI_TEST_POSTGRES names one.
"""

import argparse
import asyncio
import json
import logging
import sys

import structlog

from tests.malformed.outcomes import Tally
from tests.malformed.sending import bad, boundaries, send, table
from tests.servers import Postgres, run_postgres


def quiet() -> None:
    """Log nothing below what is critical: each input would be a line."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.ERROR)


async def _run(postgres: Postgres, asked: argparse.Namespace) -> dict[str, Tally]:
    async with boundaries(postgres) as all_:
        wanted = [one for one in all_ if asked.only in one.name]
        return await send(wanted, inputs=asked.inputs, seed=asked.seed)


def main() -> int:
    """Send them, and print what came of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.malformed", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--inputs", type=int, default=100_000, help="how many in all")
    parser.add_argument("--seed", type=int, default=0, help="the same seed, the same inputs")
    parser.add_argument("--only", default="", help="boundaries whose name has this in it")
    parser.add_argument("--json", action="store_true", help="counts, and what was bad, as one JSON object")
    asked = parser.parse_args()
    quiet()
    with run_postgres(lambda text: print(text, file=sys.stderr)) as postgres:  # noqa: T201
        found = asyncio.run(_run(postgres, asked))
    told = {name: dict(one.counts) | {"examples": one.examples} for name, one in found.items()}
    print(json.dumps(told) if asked.json else table(found))  # noqa: T201
    return 1 if bad(found) else 0


if __name__ == "__main__":
    raise SystemExit(main())
