"""A real browser for tests: what a page looks like in it, and what axe finds wrong with it.

One headless Chromium serves a process's whole run. It lives in a thread of its own, so that a test may ask it from
inside an event loop (`await asyncio.to_thread(browser.look, …)`) as well as from outside one. It is the
`chromium-headless-shell` of the PATH, which is a fifth faster, or its `chromium`; where there is none, tests that need
it are skipped, unless LOTI_TEST_BROWSER=required says that they must not be.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Playwright, Request, sync_playwright

T = TypeVar("T")

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_AXE = Axe()

PAGE_RULES: Final[dict[str, Any]] = {"resultTypes": ["violations"], "preload": False}
"""All of axe's rules: WCAG 2.2 A and AA, and its best practices. There is nothing to preload: no page has a stylesheet
of another's."""

LETTER_RULES: Final[dict[str, Any]] = PAGE_RULES | {
    "rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}
}
"""The same without the two on landmarks: a letter is shown inside a mailbox's page, which has its own."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a page was like at one width, light or dark: `problems` as axe says them, a line each; how wide its
    content is, in CSS pixels; which addresses it asked for; and a PNG of all of it, where one was wanted."""

    problems: tuple[str, ...]
    content_width: int
    asked: tuple[str, ...]
    picture: bytes | None


class Browser:
    """A Chromium in its own thread. All of its methods may be called from any other."""

    def __init__(self, executable: str) -> None:
        self._thread = ThreadPoolExecutor(1, "browser")
        self._driver: Playwright = self._do(lambda: sync_playwright().start())
        self._chromium: Chromium = self._do(
            lambda: self._driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        )
        self._tab: Page | None = None
        self._asked: list[str] = []

    def look(
        self,
        page: str,
        *,
        width: int = 600,
        dark: bool = False,
        rules: dict[str, Any] = PAGE_RULES,
        picture: bool = False,
    ) -> Look:
        """Open an address, or HTML as it stands, in a window so many CSS pixels wide."""
        return self.looks(page, [(width, dark)], rules=rules, picture=picture)[0]

    def looks(
        self,
        page: str,
        views: Sequence[tuple[int, bool]],
        *,
        rules: dict[str, Any] = PAGE_RULES,
        picture: bool = False,
        prepare: Callable[[Page], None] | None = None,
    ) -> list[Look]:
        """Open it once, and look at it at each width, light or dark. `prepare` is given the empty tab before, such as to
        sign it in."""

        if not page.startswith(("http://", "https://")):
            return self._do(lambda: self._look_at_html(page, views, rules, picture))

        def seen(tab: Page) -> list[Look]:
            asked: list[str] = []
            tab.on("request", lambda request: _note(asked, request))
            if prepare is not None:
                prepare(tab)
            tab.goto(page)
            tab.evaluate(_AXE.axe_script)
            return [_seen(tab, view, asked, rules, picture) for view in views]

        return self.on_a_page(seen, width=views[0][0], dark=views[0][1])

    def _look_at_html(
        self, html: str, views: Sequence[tuple[int, bool]], rules: dict[str, Any], picture: bool
    ) -> list[Look]:
        """In one tab for all such pages: a new one, with axe in it, costs more than four looks."""
        if self._tab is None:
            self._tab = self._chromium.new_page()
            self._tab.on("request", lambda request: _note(self._asked, request))
            self._tab.evaluate(_AXE.axe_script)  # stays, since what is set is written into the same document
        self._asked.clear()
        self._tab.set_content(html)
        return [_seen(self._tab, view, self._asked, rules, picture) for view in views]

    def on_a_page(self, do: Callable[[Page], T], *, width: int = 1024, dark: bool = False) -> T:
        """What `do` returns for a new, empty page (playwright's, of its sync API), which is closed afterwards."""

        def done() -> T:
            tab = self._chromium.new_page(
                viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
            )
            with contextlib.closing(tab):
                return do(tab)

        return self._do(done)

    def stop(self) -> None:
        """End it, and the thread."""
        self._do(self._chromium.close)
        self._do(self._driver.stop)
        self._thread.shutdown()

    def _do(self, do: Callable[[], T]) -> T:
        return self._thread.submit(do).result()


def _seen(
    tab: Page, view: tuple[int, bool], asked: Sequence[str], rules: dict[str, Any], picture: bool
) -> Look:
    width, dark = view
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme="dark" if dark else "light")
    violations = tab.evaluate("rules => axe.run(rules).then(found => found.violations)", rules)
    return Look(
        problems=tuple(_problems(violations)),
        content_width=tab.evaluate("document.documentElement.scrollWidth"),
        asked=tuple(asked),
        picture=tab.screenshot(full_page=True) if picture else None,
    )


def _note(asked: list[str], request: Request) -> None:
    if not request.url.startswith(("about:", "data:")):
        asked.append(request.url)


def _problems(violations: list[dict[str, Any]]) -> Iterator[str]:
    for rule in violations:
        for node in rule["nodes"]:
            summary = " ".join(node["failureSummary"].split())
            yield f"{rule['id']} ({rule['impact']}): {node['html'][:200]}: {summary}"


def executable(*, search: str | None = None, required: bool) -> str:
    """Where the browser is, on the PATH or on `search`. Where there is none the test is skipped, or fails."""
    found = next(filter(None, (shutil.which(name, path=search) for name in NAMES)), None)
    if found is not None:
        return found
    missing = f"there is no browser: none of {', '.join(NAMES)} is on the PATH"
    if required:
        pytest.fail(f"{missing}, and LOTI_TEST_BROWSER=required asks for one")
    pytest.skip(missing)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this run."""
    running = Browser(executable(required=os.environ.get("LOTI_TEST_BROWSER") == "required"))
    yield running
    running.stop()
