"""One run of the model in this process: `python -m tests.model.running --examples 5 --steps 12 --seed 1`.

Prints one JSON object: what was found (null: nothing), after how many steps, in how many seconds.
"""

import argparse
import asyncio
import json
import logging
import os
import time

import structlog
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.gates import set_up
from tests.model.machine import Delivery
from tests.model.world import World


def main() -> None:
    """Run it; the process ends at once, with whatever is still paused in it."""
    told = argparse.ArgumentParser()
    told.add_argument("--examples", type=int, default=5)
    told.add_argument("--steps", type=int, default=12)
    told.add_argument("--seed", type=int, default=1)
    args = told.parse_args()
    logging.disable(logging.CRITICAL)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    set_up()
    began = time.monotonic()
    runner = asyncio.Runner()
    Delivery.run = staticmethod(runner.run)
    Delivery.world = runner.run(World.make(os.environ["LOTI_TEST_KAFKA"], os.environ["LOTI_TEST_POSTGRES"]))
    how = settings(
        max_examples=args.examples,
        stateful_step_count=args.steps,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(args.seed)(Delivery), settings=how)
    except Exception:
        if Delivery.found is None:
            raise
    print(  # noqa: T201
        json.dumps(
            {
                "found": Delivery.found,
                "steps": Delivery.steps,
                "restarted": Delivery.restarted,
                "seconds": round(time.monotonic() - began, 1),
                "seed": args.seed,
            }
        ),
        flush=True,
    )
    os._exit(0)


if __name__ == "__main__":
    main()
