"""`python -m tests.bench [NAME …] [--json] [--quick] [--write]`: all benches, or those named.

`--json` prints one JSON object a bench. `--write` keeps each result under tests/bench/results and writes BENCHMARKS.md from
all that are kept. Exit status 1 where a reach was not reached, 2 for a name that no bench has.
"""

import argparse
import asyncio
import importlib
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.bench import machine, table
from tests.bench.names import NAMES
from tests.bench.results import Result, Scale

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = Path(__file__).parent / "results"


def run(name: str, scale: Scale) -> Result:
    """The bench of that name."""
    return asyncio.run(importlib.import_module(NAMES[name]).bench(scale))


def keep(result: Result, load: float, *, folder: Path = KEPT, page: Path = ROOT / "BENCHMARKS.md") -> None:
    """Its figures, the machine's, and the page made of all that are kept."""
    told = {
        "command": f"python -m tests.bench {result.name}",
        "day": datetime.now(UTC).date().isoformat(),
        "load": load,
        "machine": machine.described(),
        "result": result.as_json(),
    }
    folder.mkdir(exist_ok=True)
    (folder / f"{result.name}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    write_page(folder, page)


def write_page(folder: Path, page: Path) -> None:
    """BENCHMARKS.md, in the order of the names."""
    kept: dict[str, dict[str, Any]] = {}
    for name in NAMES:
        if (file := folder / f"{name}.json").exists():
            kept[name] = json.loads(file.read_text(encoding="utf-8"))
    page.write_text(table.document(kept), encoding="utf-8")


def missed(result: Result) -> list[str]:
    """What was asked for and not reached."""
    return [one.of for one in (*result.comparisons, *result.reaches) if one.reached(result) is False]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; without one, all.")
    parser.add_argument("--rounds", type=int, default=5, help="Of each bench.")
    parser.add_argument(
        "--quick", action="store_true", help="Small, to see that it runs; the figures mean nothing."
    )
    parser.add_argument("--json", action="store_true", help="One JSON object a bench on standard output.")
    parser.add_argument("--write", action="store_true", help="Keep the results, and write BENCHMARKS.md.")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.names if name not in NAMES]:
        print(f"no bench is called {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    if given.quick and given.write:
        print("--quick figures mean nothing and are not kept: leave out --quick or --write", file=sys.stderr)
        return 2
    if given.rounds < 1:
        print(f"--rounds is {given.rounds}; at least one round is measured", file=sys.stderr)
        return 2
    short = 0
    for name in given.names or NAMES:
        load, began = machine.load(), time.monotonic()
        print(f"{name} (load before: {load:.1f}) ...", file=sys.stderr, flush=True)
        result = run(name, Scale(rounds=given.rounds, quick=given.quick))
        print(f"{name} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        if given.write:
            keep(result, load)
        print(json.dumps(result.as_json()) if given.json else "\n".join(table.section(result)), flush=True)
        if not given.quick:
            short += len(missed(result))
    return 1 if short else 0


if __name__ == "__main__":
    raise SystemExit(main())
