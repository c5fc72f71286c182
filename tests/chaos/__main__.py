"""`python -m tests.chaos`: the whole system under a steady flow and under faults, and what it made of them.

Prints the seed, each fault at its time, and a report; exit status 1 where anything was lost, doubled, out of order or
stuck. The same seed has the same faults at the same times and the same things put in; what the machine makes of them
differs from run to run.
"""

import argparse
import asyncio
import logging
import secrets
import sys
from pathlib import Path

from tests.chaos.preparing import Wish
from tests.chaos.running import run
from tests.chaos.schedule import KINDS


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="Of the faults and the flow; without one, any.")
    parser.add_argument("--minutes", type=float, default=60.0, help="Of faults; then it settles.")
    parser.add_argument("--faults", type=float, default=20.0, help="A minute.")
    parser.add_argument("--nodes", type=int, default=1, choices=(1, 3), help="Of Kafka.")
    parser.add_argument("--replicas", type=int, default=2, choices=range(1, 6), help="Of each service.")
    parser.add_argument("--longest", type=float, default=60.0, help="Seconds that a fault lasts at most.")
    parser.add_argument("--flow", type=float, default=80.0, help="Things put in a minute.")
    parser.add_argument(
        "--kinds", help="Of faults, comma-separated; without it, all that the machine can make."
    )
    parser.add_argument(
        "--folder", type=Path, help="Kept, with all logs; without one, kept on a finding alone."
    )
    parser.add_argument(
        "--json", action="store_true", help="The report as one JSON object on standard output."
    )
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else secrets.randbelow(1_000_000)
    try:
        wish = Wish(
            seed=seed,
            minutes=given.minutes,
            a_minute=given.faults,
            nodes=given.nodes,
            replicas=given.replicas,
            flow=given.flow,
            longest=given.longest,
            kinds=tuple(one.strip() for one in given.kinds.split(",")) if given.kinds else tuple(KINDS),
            folder=given.folder,
        )
    except ValueError as error:
        parser.error(str(error))
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the flow is told by what it raises
    try:
        report = asyncio.run(run(wish, out=sys.stderr if given.json else sys.stdout))
    except asyncio.CancelledError:
        print(f"Broken off, and not checked. Seed {seed}.", file=sys.stderr)  # noqa: T201
        return 130
    print(report.as_json() if given.json else report)  # noqa: T201
    return 0 if report.clean else 1


if __name__ == "__main__":
    sys.exit(main())
