"""How the pages look: to axe, on a narrow screen, in the light and in the dark."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.browser import Browser
from tests.notify.web.conftest import World
from tests.notify.web.gallery import pages

EVERY_PAGE = (
    "preferences-wrong",
    "preferences-saved",
    "confirm",
    "confirmed",
    "unsubscribe",
    "forget",
    "answer",
    "answer-wrong",
    "outcome-wrong",
    "ledger-older",
    "confirm-refused",
    "damaged",
    "newsletters",
    "newsletter",
)
"""Every template, with all that can be on it; other states have nothing that these have not."""


@pytest.mark.parametrize(("dark", "width"), [(False, 320), (True, 1024)])
async def test_every_page_can_be_read_by_everybody(
    world: World, browser: Browser, dark: bool, width: int
) -> None:
    """axe finds nothing wrong with any page, in the light at 320 px and in the dark on a desk; nothing has to be scrolled
    sideways, and nothing is asked for from anywhere. LOTI_TEST_PICTURES=FOLDER looks at every state, and keeps a picture
    of each."""
    folder, wrong = os.environ.get("LOTI_TEST_PICTURES"), []
    made = await pages(world)
    for name in made if folder else EVERY_PAGE:
        html = made[name]
        seen = await asyncio.to_thread(browser.look, html, width=width, dark=dark, picture=bool(folder))
        if folder and seen.picture:
            Path(folder, f"{name}-{'dark' if dark else 'light'}.png").write_bytes(seen.picture)  # noqa: ASYNC240
        wrong.extend(f"{name}: {problem}" for problem in (*seen.problems, *seen.asked))
        if seen.content_width > width:
            wrong.append(f"{name}: is {seen.content_width} px wide")
    assert wrong == []
