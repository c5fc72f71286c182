"""What tests of polling begin with; a test file that asks for another world has its own."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.ingest.polling_world import World, open_world


@pytest.fixture
async def everything(postgres: Any) -> AsyncIterator[World]:
    """All sample boards, none of them polled yet."""
    async with open_world(postgres, lambda source: True) as world:
        yield world


@pytest.fixture
async def world(postgres: Any) -> AsyncIterator[World]:
    """Camden's board alone, polled once, with everything it said already heard."""
    async with open_world(postgres, lambda source: source.id == "camden") as world:
        await world.poll()
        await world.asked()
        yield world
