"""Runs the model on a copy of the code, with a seeded bug in it or without."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import loti_contracts
from tests.model.mutants import Mutant


@contextmanager
def copy_with(mutant: Mutant | None) -> Iterator[Path]:
    """A folder with the code in which that bug is; without one, with the code as it is. Raises ValueError where the code
    no longer has what the bug changes."""
    with tempfile.TemporaryDirectory(prefix="loti-mutant-") as folder:
        code = Path(folder) / "loti_contracts"
        whole = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(loti_contracts.__file__).parent, code, ignore=whole)
        if mutant is not None:
            file = code / mutant.file
            text = file.read_text()
            if text.count(mutant.before) != 1:
                raise ValueError(
                    f"{mutant.file} has {text.count(mutant.before)} times what the bug {mutant.what!r} changes: "
                    "write the bug anew"
                )
            file.write_text(text.replace(mutant.before, mutant.after))
        yield Path(folder)


def run_with(
    mutant: Mutant | None, *, examples: int, steps: int, seed: int, servers: dict[str, str]
) -> dict[str, Any]:
    """What one run of the model says, in a process of its own on a copy of the code."""
    with copy_with(mutant) as folder:
        words = ["--examples", str(examples), "--steps", str(steps), "--seed", str(seed)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.model.running", *words],
            env=os.environ | servers | {"PYTHONPATH": f"{folder}{os.pathsep}{os.getcwd()}"},
            capture_output=True,
            text=True,
            timeout=600,
        )
    if not done.stdout.strip():
        raise RuntimeError(f"the model itself failed:\n{done.stderr[-3000:]}")
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said
