"""Follow guides word for word: `python -m tests.guides.follow [GUIDE…] [--pictures]`.

They are followed on a copy of this checkout, the operator's first, which starts the system: the commands of each are run in a
terminal of its own, in order, and its pages are opened in a browser. What a block says that is printed, must be. Ends with 1 where
a guide is wrong, and says where. `--pictures` takes the guides' pictures anew. The copy uses this checkout's `.venv`, so that
nothing is installed.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page

from deploy.local.children import Child
from tests.access.conftest import guarding
from tests.browser import Browser, executable
from tests.guides import guide as guides
from tests.guides.guide import PICTURES, Block, Guide, fits, read
from tests.guides.hand import Hand
from tests.guides.shell import NotAsWritten, Shell, environment
from tests.guides.walked import walk_section
from tests.path.running import ROOT, Up
from tests.servers import reachable_folder

SYSTEM: Final = Block("sh", {"background": "", "until": "Sample boards:"}, ".venv/bin/loti up", 0)
"""What runs where a guide does not start it itself."""
OWN_SYSTEM: Final = "operator"
NOT_RUN: Final = "(not run)"


def main(words: Sequence[str] | None = None) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "guides", nargs="*", metavar="GUIDE", help=f"of {', '.join(guides.names())}; all by default"
    )
    parser.add_argument("--pictures", action="store_true", help="take their pictures anew")
    given = parser.parse_args(words)
    if unknown := set(given.guides) - set(guides.names()):
        parser.error(f"there is no guide {', '.join(unknown)}; there are {', '.join(guides.names())}")
    asked = sorted(given.guides or guides.names(), key=lambda name: name != OWN_SYSTEM)
    return int(follow([read(name) for name in asked], PICTURES if given.pictures else None) > 0)


def follow(asked: Sequence[Guide], pictures: Path | None) -> int:
    """How many are wrong; what is, is printed. That which starts the system is the first."""
    wrong = 0
    with copy() as folder, contextlib.ExitStack() as open_, _browser() as browser:
        if OWN_SYSTEM not in [guide.name for guide in asked]:
            open_.enter_context(contextlib.closing(Shell(folder, environment()))).run(SYSTEM)
            nobodys = cast("Child", None)  # the terminal's; to see that nothing is under way needs none
            asyncio.run(Up(nobodys, folder / ".loti").quiet())
        for guide in asked:
            started = time.monotonic()
            shell = open_.enter_context(contextlib.closing(Shell(folder, environment())))
            try:
                _follow(guide, shell, folder, browser, pictures)
            except (AssertionError, BrowserError) as error:
                wrong += 1
                notes = "; ".join(getattr(error, "__notes__", ()))
                print(f"{guide.name}: WRONG\n{error}\n{notes}", flush=True)  # noqa: T201
            else:
                seconds = time.monotonic() - started
                print(f"{guide.name}: followed in {seconds:.0f} s", flush=True)  # noqa: T201
    return wrong


def _follow(guide: Guide, shell: Shell, folder: Path, browser: Browser, pictures: Path | None) -> None:
    """One guide in a terminal and a tab of its own. Raises NotAsWritten, Strays, and what the browser finds missing."""
    data = folder / ".loti"
    if guide.name != OWN_SYSTEM:
        shell.run(Block("sh", {}, _a_postgresql_of_the_readers(data), 0))

    def read_on(tab: Page) -> None:
        hand = Hand(tab, data, pictures)
        for section in guide.sections:
            printed = ""
            for block in section.blocks:
                printed = _do(guide, block, shell, folder, printed)
            walk_section(guide, section, hand)

    browser.on_a_page(read_on, width=1100)


def _do(guide: Guide, block: Block, shell: Shell, folder: Path, printed: str) -> str:
    """One block; what was printed in its section before, and by it. Raises NotAsWritten."""
    if "file" in block.marks:
        path = folder / block.marks["file"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(block.text + "\n", encoding="utf-8")
    elif block.language == "console" and printed is not NOT_RUN:
        if not fits(block.text, printed):
            raise NotAsWritten(
                f"line {block.line}: the guide shows\n{block.text}\n\nand printed was\n{printed}"
            )
    elif block.language == "sh":
        needed = block.marks.get("needs")
        if needed == "docker" and not _docker_answers():
            print(f"{guide.name}, line {block.line}: not run, no Docker engine answers", flush=True)  # noqa: T201
            return NOT_RUN
        return f"{printed}\n{_run_guarded(block, shell) if needed == 'guarded' else shell.run(block)}"
    return printed


def _run_guarded(block: Block, shell: Shell) -> str:
    """As the administrator of a broker that asks who one is."""
    with ThreadPoolExecutor(1) as thread, contextlib.ExitStack() as stack:  # a loop runs in the browser's own
        found = thread.submit(stack.enter_context, guarding()).result()
        settings = {
            "KAFKA": found.address, "KAFKA_SECURITY": "sasl_ssl", "KAFKA_USER": "admin",
            "KAFKA_PASSWORD": found.admin_password, "KAFKA_CA": str(found.ca),
        }  # fmt: skip
        exports = "\n".join(f"export LOTI_{name}={value}" for name, value in settings.items())
        try:
            return shell.run(replace(block, text=f"(set -e\n{exports}\n{block.text}\n)"))
        finally:
            thread.submit(stack.close).result()


@contextlib.contextmanager
def copy() -> Iterator[Path]:
    """This checkout as it is now, cloned, with its `.venv`. Raises SystemExit where that is not set up."""
    set_up = ROOT / ".venv" / ".set-up"
    if not set_up.exists():
        raise SystemExit("`make setup` first: guides are followed with this checkout's .venv")
    with reachable_folder() as place:
        folder, origin = place / "talent-exchange", place / "origin.git"
        for clone in (
            ["--bare", ROOT, origin],
            [origin, folder],
        ):  # whatever is committed meanwhile does not reach it
            subprocess.run(["git", "clone", "--quiet", *clone], check=True)
        said = ["git", "ls-files", "-z", "--modified", "--others", "--exclude-standard"]
        changed = subprocess.run(said, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for name in filter(None, changed.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        before = set_up.stat().st_mtime - 60
        for path in ("requirements/dev.txt", "pyproject.toml", "contracts/pyproject.toml"):
            os.utime(folder / path, (before, before))  # so that `make` sees that nothing is to be installed
        yield folder


def _a_postgresql_of_the_readers(data: Path) -> str:
    """Settings of a PostgreSQL of the reader's own: here it is the system's, as its administrator."""
    password = json.loads((data / "postgres" / "passwords.json").read_text())["postgres"]
    port = (data / "postgres" / "port").read_text().strip()
    return f"export PGHOST=127.0.0.1 PGPORT={port} PGUSER=postgres PGPASSWORD={password}"


def _docker_answers() -> bool:
    asked = (["docker", "info"], ["docker", "compose", "version"])
    return shutil.which("docker") is not None and not any(
        subprocess.run(one, capture_output=True).returncode for one in asked
    )


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    browser = Browser(executable(required=True))
    try:
        yield browser
    finally:
        browser.stop()


if __name__ == "__main__":
    sys.exit(main())
