"""What each service weighs: its image where a container engine has it, else the packages that it needs."""

import asyncio
import os
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from deploy.local.settings import SERVICES
from tests.bench.results import Result, Scale, Series

ROOT: Final = Path(__file__).parents[3]
_PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)


async def bench(scale: Scale) -> Result:
    """Images are as they were built last; packages as they are installed here."""
    images = {name: size for name in SERVICES if (size := await _image(name)) is not None}
    packages = {name: _packages(name) for name in SERVICES}
    return Result(
        name="images",
        says="Megabytes of each service's image, where a container engine has it, and of the installed packages that its "
        "locked requirements name, Python itself not among them.",
        series=(
            *(Series(f"{name}: image", "MB", (size,), "less") for name, size in images.items()),
            *(Series(f"{name}: packages", "MB", (size,), "less") for name, size in packages.items()),
        ),
        notes=() if images else ("No container engine answered, or none has the images.",),
    )


async def _image(service: str) -> float | None:
    tag = os.environ.get("LOTI_TAG", "local")  # as docker-compose.yml has it
    try:
        asked = await asyncio.create_subprocess_exec(
            "docker", "image", "inspect", "--format", "{{.Size}}", f"talent-exchange/{service}:{tag}",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError:
        return None
    said, _ = await asked.communicate()
    return int(said) / 1e6 if asked.returncode == 0 else None


def _packages(service: str) -> float:
    """Of a package that is not installed here, such as one for another system, nothing is counted."""
    names = _PINNED.findall((ROOT / "requirements" / f"{service}.txt").read_text(encoding="utf-8"))
    return sum(_size(name) for name in names) / 1e6


@cache
def _size(name: str) -> int:
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return 0
    paths = (Path(str(file.locate())) for file in files)
    return sum(path.stat().st_size for path in paths if path.is_file())
