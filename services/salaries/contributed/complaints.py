"""What is wrong with an upload: where, what was found, what is expected. All of it at once, up to a limit."""

from dataclasses import dataclass
from typing import Final

MOST_TOLD: Final = 50
"""Complaints that are listed; the rest are counted."""

_LONGEST_FOUND: Final = 40


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing to put right. `line` is the line of the file, from 1; None where it is about the whole file."""

    line: int | None
    column: str | None
    found: str | None
    expected: str

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [f"column {self.column}"] if self.column else []
        found = "" if self.found is None else f"found {shown(self.found)}; "
        return f"{', '.join(place) or 'the file'}: {found}{self.expected}"


class UploadRefused(Exception):
    """The upload has mistakes; nothing of it was stored. `complaints` are in the order of the file."""

    def __init__(self, complaints: list[Complaint]) -> None:
        self.complaints = complaints
        super().__init__(f"{len(complaints)} mistakes")

    def lines(self) -> list[str]:
        """One line a complaint, and how many more there are."""
        told = [str(complaint) for complaint in self.complaints[:MOST_TOLD]]
        more = len(self.complaints) - len(told)
        return told + ([f"and {more:,} more"] if more else [])


def refuse(expected: str, *, found: str | None = None, line: int | None = None) -> UploadRefused:
    """A refusal of the file as a whole."""
    return UploadRefused([Complaint(line, None, found, expected)])


def shown(found: str) -> str:
    """What was found, safe to print: short, quoted, without control characters."""
    if not found:
        return "nothing"
    short = found if len(found) <= _LONGEST_FOUND else found[: _LONGEST_FOUND - 1] + "…"
    return '"' + "".join(letter if letter.isprintable() else "�" for letter in short) + '"'
