"""What the health page of each service says."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx2

from deploy.local.settings import SERVICES, health_addresses

_SECONDS: Final = 5.0


def in_folder(data: Path) -> dict[str, str]:
    """The health pages of a `loti up` on that folder, by service. Raises NotHere."""
    return {name: f"http://{address}/health" for name, address in health_addresses(data).items()}


def named(pages: list[str]) -> dict[str, str]:
    """`notify=http://notify:8080` or with a path of its own; by service, in the order of the path. Raises ValueError."""
    found: dict[str, str] = {}
    for one in pages:
        name, mark, address = one.partition("=")
        if name not in SERVICES or not mark or not address.startswith(("http://", "https://")):
            raise ValueError(f"{one!r} is no service and its address; say it like notify=http://notify:8080")
        path = address.partition("//")[2].partition("/")[2]
        found[name] = address if path else address.rstrip("/") + "/health"
    return {name: found[name] for name in SERVICES if name in found}


async def read(pages: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What each says; of one that does not answer, `{"unreached": why}`."""
    async with httpx2.AsyncClient(timeout=_SECONDS) as client:
        return dict(
            zip(pages, await asyncio.gather(*(_one(client, page) for page in pages.values())), strict=True)
        )


async def _one(client: httpx2.AsyncClient, page: str) -> dict[str, Any]:
    try:
        said = (await client.get(page)).json()
    except httpx2.HTTPError as error:
        return {"unreached": f"{page} does not answer ({type(error).__name__})"}
    except json.JSONDecodeError:
        return {"unreached": f"{page} is no health page"}
    return said if isinstance(said, dict) else {"unreached": f"{page} is no health page"}
