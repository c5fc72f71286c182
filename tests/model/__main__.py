"""`make model`: the model on the code as it is, and on the code with each seeded bug.

Prints for each bug what found it, after how many steps. Ends with 1 if the code as it is fails, or if a bug is not found.
"""

import argparse
import os
import sys

from tests.model.mutants import MUTANTS, Mutant
from tests.model.trying import run_with
from tests.servers import run_kafka, run_postgres


def main() -> int:
    """See above."""
    told = argparse.ArgumentParser(prog="python -m tests.model", description=__doc__)
    told.add_argument("--examples", type=int, default=40, help="runs of the code as it is")
    told.add_argument("--tries", type=int, default=60, help="runs in which a bug must be found")
    told.add_argument("--steps", type=int, default=15, help="steps of a run, at most")
    told.add_argument("--seed", type=int, default=1)
    told.add_argument("--only", default="", help="only bugs with these words in their name")
    args = told.parse_args()
    bad = 0
    with run_kafka(lambda _: None) as kafka, run_postgres(lambda _: None) as postgres:
        servers = {"LOTI_TEST_KAFKA": kafka.bootstrap, "LOTI_TEST_POSTGRES": postgres.dsn}

        def run(mutant: Mutant | None, examples: int) -> dict[str, object]:
            return run_with(mutant, examples=examples, steps=args.steps, seed=args.seed, servers=servers)

        if not args.only:
            plain = run(None, args.examples)
            bad += plain["found"] is not None
            verdict = (
                f"{plain['found'] or 'nothing found'}; {plain['restarted']} consumers had to be started anew"
            )
            print(f"the code as it is, {plain['steps']} steps in {plain['seconds']} s: {verdict}", flush=True)  # noqa: T201
        for mutant in MUTANTS:
            name = f"{mutant.part}: {mutant.what}"
            if args.only not in name:
                continue
            found = run(mutant, args.tries)
            bad += found["found"] is None
            verdict = str(found["found"] or "NOT FOUND").splitlines()[0][:150]
            print(f"{name:58} {found['steps']:5} steps {found['seconds']:6} s  {verdict}", flush=True)  # noqa: T201
    print(f"{os.linesep}seed {args.seed}; {bad} of {len(MUTANTS) + 1} are not as they should be")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
