"""A reader's hand on a page: does what a guide says, in a real browser, and remembers what it touched."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import httpx2
from playwright.sync_api import Locator, Page, expect

PATIENCE: Final = 60_000
"""Milliseconds for what other services do meanwhile."""
_HEIGHT: Final = 760
_LOOK: Final = 100


@dataclass
class Hand:
    """Before a tab of its own. `data` is the folder of the `loti up`; `pictures` where they are put, if they are wanted.

    `names` are those of what was pressed, opened and seen; `typed` what was typed and chosen, `taken` the pictures.
    """

    tab: Page
    data: Path
    pictures: Path | None = None
    names: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    came_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _read: set[str] = field(default_factory=set)

    @property
    def portal(self) -> str:
        """Where the portal is, without a slash at its end."""
        return self._at("portal-pages-port")

    def open(self, path: str = "/") -> None:
        """Type an address."""
        self.tab.goto(self.portal + path)

    def menu(self, name: str) -> None:
        """Press what stands at the top or the foot of every page."""
        self.names.append(name)
        named = _named(self.tab.locator("header, footer"), name, exactly=True)
        named.first.click()

    def press(self, name: str, *, within: str = "") -> None:
        """Press a button or a link of the page, whose name begins so; it may have to come yet. `within`: words of the part of
        the page in which it stands."""
        self.names.append(name)
        place = self.tab.locator("main")
        if within:
            place = place.locator("li, tr, section, article, p").filter(has_text=within)
        _named(place, name).first.click(timeout=PATIENCE)

    def unfold(self, name: str) -> None:
        """Open what is folded."""
        self.names.append(name)
        self.tab.locator("summary").filter(has_text=name).first.click()

    def sees(self, *names: str) -> None:
        """The page says this, if need be in a while."""
        for name in names:
            self.names.append(name)
            words = self.tab.get_by_text(re.compile(re.escape(name))).filter(visible=True)
            expect(words.first).to_be_visible(timeout=PATIENCE)

    def fill(self, label: str, value: str, *, own: bool = False) -> None:
        """Type into a field; `own`: the reader's own name, address or words, which the guide cannot know."""
        self.names.append(label)
        if not own:
            self.typed.append(value)
        self._field(label).fill(value)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.names.append(label)
        self.typed.append(option)
        self._field(label).select_option(label=option)

    def tick(self, label: str) -> None:
        """Tick a box, or choose one of several."""
        self.names.append(label)
        self._field(label).check()

    def read_mail(self, to: str, subject: str) -> dict[str, Any]:
        """Open the newest mail to that address whose subject has these words, once it is there; none that came before this hand,
        and none twice."""
        self.names.append(subject)
        url = self._at("mail-port")
        for _ in range(PATIENCE // _LOOK):
            for mail in httpx2.get(f"{url}/mails.json", params={"to": to}, timeout=30).json():
                here = (
                    datetime.fromisoformat(mail["received_at"]) > self.came_at
                    and mail["id"] not in self._read
                )
                if here and subject.lower() in mail["subject"].lower():
                    self._read.add(mail["id"])
                    self.tab.goto(f"{url}/mails/{mail['id']}/html")
                    return dict(mail)
            self.tab.wait_for_timeout(_LOOK)
        raise AssertionError(f"no mail “{subject}” came to {to}")

    def press_in_mail(self, name: str) -> None:
        """Press a button or a link of the mail that is open; it opens in the same tab."""
        self.names.append(name)
        link = self.tab.get_by_role("link", name=_beginning(name)).first
        self.tab.goto(str(link.get_attribute("href")))

    def picture(self, name: str, *, at: str = "", height: int = _HEIGHT) -> None:
        """A picture of what is seen now, from the heading `at` on."""
        self.taken.append(name)
        if self.pictures is None:
            return
        self.tab.set_viewport_size({"width": 1100, "height": height})
        place = self.tab.get_by_role("heading", name=at, exact=True) if at else self.tab.locator("body")
        place.evaluate(
            "(one, down) => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - down)",
            24 if at else 0,
        )
        self.tab.mouse.move(0, 0)
        self.tab.screenshot(path=self.pictures / f"{name}.png", animations="disabled")

    def _field(self, label: str) -> Locator:
        exactly = self.tab.get_by_label(label, exact=True).filter(visible=True)
        return (
            exactly.first
            if exactly.count()
            else self.tab.get_by_label(_beginning(label)).filter(visible=True).first
        )

    def _at(self, port: str) -> str:
        return f"http://127.0.0.1:{int((self.data / port).read_text())}"


def _beginning(name: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(name)}(?!\w)")


def _named(place: Locator, name: str, *, exactly: bool = False) -> Locator:
    pattern = re.compile(rf"^\s*{re.escape(name)}\s*$") if exactly else _beginning(name)
    roles: tuple[Literal["button", "link"], ...] = ("button", "link")
    button, link = (place.get_by_role(role, name=pattern) for role in roles)
    return button.or_(link).filter(visible=True)
