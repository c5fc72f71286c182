"""What was typed into a form, and reading it. Pure.

Values are texts by the names of their fields, as a browser sends them and as a form shows them again; a date is three
fields (`start-day`, `start-month`, `start-year`).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

Values = Mapping[str, tuple[str, ...]]

MOST_NAMES: Final = 40
LONGEST_NAME: Final = 100
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
    for name in (names, names[:3])
} | {"sept": 9}
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field, and what to do about it."""

    field: str
    words: str


@dataclass(slots=True)
class Reading:
    """Reads one form's values, and gathers what is wrong with them."""

    values: Values
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, name: str, words: str) -> None:
        """Note a fault of a field."""
        self.faults.append(Fault(name, words))

    def text(self, name: str) -> str:
        """One line, or several; what cannot be seen is left out."""
        return plain(one(self.values, name))

    def short(self, name: str, *, what: str, most: int) -> str | None:
        """A text of at most so many characters; None where nothing was typed."""
        text = self.text(name)
        if len(text) > most:
            self.wrong(name, f"{what} must be {most:,} characters or fewer; it has {len(text):,}")
        return text[:most] or None

    def number(self, name: str, *, what: str, least: int, most: int) -> int | None:
        """A whole number in these bounds; None where nothing was typed, or it is wrong."""
        text = self.text(name).replace(",", "")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            self.wrong(
                name, f"{what} must be a whole number from {least} to {most:,}, such as {max(least, 2)}"
            )
            return None
        return int(text)

    def choice(self, name: str, allowed: Collection[str], *, what: str) -> str | None:
        """One of these; None where nothing was chosen, or it is none of them."""
        text = one(self.values, name)
        if not text:
            return None
        if text not in allowed:
            self.wrong(name, f"Choose {what} from the list")
            return None
        return text

    def choices(self, name: str, allowed: Iterable[str], *, what: str) -> tuple[str, ...]:
        """Those of these that were chosen, in the order in which they are offered."""
        offered, chosen = list(allowed), set(self.values.get(name, ()))
        if chosen - set(offered) - {""}:
            self.wrong(name, f"Choose {what} from the list")
        return tuple(name for name in offered if name in chosen)

    def names(self, name: str, *, what: str) -> tuple[str, ...]:
        """Names with commas, semicolons or line ends between them, each once."""
        found: dict[str, str] = {}
        for part in re.split(r"[,;\n]", self.text(name)):
            words = " ".join(part.split())
            if words:
                found.setdefault(words.casefold(), words)
        long = next((words for words in found.values() if len(words) > LONGEST_NAME), None)
        if long is not None:
            self.wrong(
                name,
                f"{what} must be short, with commas between them; “{long[:40]}…” has {len(long)} characters",
            )
        if len(found) > MOST_NAMES:
            self.wrong(name, f"{what} must be {MOST_NAMES} or fewer; there are {len(found)}")
        return tuple(words[:LONGEST_NAME] for words in list(found.values())[:MOST_NAMES])

    def day(self, name: str, *, what: str) -> date | None:
        """A date from its three fields; None where nothing was typed, or it is wrong."""
        parts = {part: self.text(f"{name}-{part}") for part in ("day", "month", "year")}
        if not any(parts.values()):
            return None
        missing = [part for part, text in parts.items() if not text]
        if missing:
            self.wrong(f"{name}-{missing[0]}", f"{what} must include a {' and a '.join(missing)}")
            return None
        found = read_day(" ".join(parts.values()))
        if found is None:
            self.wrong(f"{name}-day", f"{what} must be a real date, such as 27 3 2027")
        return found


def one(values: Values, name: str) -> str:
    """What was typed into a field, without what surrounds it; empty where nothing was."""
    return next(iter(values.get(name, ())), "").strip()


def read_day(text: str) -> date | None:
    """A day as people write it: 2026-12-01, 1/12/2026, 1 12 2026, 1 December 2026; None where it is none."""
    words = re.split(r"[\s/.,-]+", text.strip().casefold())
    if len(words) != 3:
        return None
    day, month, year = reversed(words) if re.fullmatch(r"[0-9]{4}", words[0]) else words
    if not re.fullmatch(r"[0-9]{1,2}", day) or not re.fullmatch(r"[0-9]{4}", year):
        return None
    number = int(month) if re.fullmatch(r"[0-9]{1,2}", month) else _MONTHS.get(month, 0)
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def written_day(when: date | None) -> str:
    """A date as a field shows it: 1 December 2026; empty where there is none."""
    return f"{when.day} {when:%B} {when.year}" if when else ""


def day_fields(name: str, when: date | None) -> dict[str, tuple[str, ...]]:
    """The three fields of a date."""
    parts = (when.day, when.month, when.year) if when else ("", "", "")
    return {f"{name}-{part}": (str(n),) for part, n in zip(("day", "month", "year"), parts, strict=True)}


def plain(text: str) -> str:
    """The text without what cannot be seen, its lines kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    seen = (one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))
    return "".join(seen).strip()
