"""What is wrong with a structure's file: where, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right. `line` is the line of the file, from 1; None where it is about the whole file."""

    line: int | None
    column: str | None
    problem: str

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place) or 'the file'}: {self.problem}"


class StructureRefused(ValueError):
    """The file has faults; nothing of it was taken. `faults` are in the order of the file."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda one: one.line or 0))
        super().__init__("\n".join(map(str, self.faults)))
