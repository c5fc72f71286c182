"""The people of a round from CSV files. Every fault of every file is told at once, none is passed over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from loti_contracts.vocabulary import LEVELS, Level
from services.matching.rounds.boroughs import NotABorough, read_borough
from services.matching.rounds.people import Conflict, Demand, Supply
from services.matching.rounds.sheet import BadSheets, Row, Sheet, read_sheet

SUPPLY = ("id", "name", "borough", "roles", "skills", "level", "capacity")
SUPPLY_MAY = ("max_gap",)
DEMAND = ("id", "name", "borough", "role", "skills", "level")
DEMAND_MAY = ("max_gap", "line_manager", "prefers")
CONFLICTS = ("supply_id", "demand_id")
CONFLICTS_MAY = ("why",)

_MOST_PLACES = 1_000_000
_TOLD = 10


@dataclass(frozen=True, slots=True)
class File:
    """A file's name, as the faults call it, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class People:
    """What the files say."""

    supplies: tuple[Supply, ...]
    demands: tuple[Demand, ...]
    conflicts: tuple[Conflict, ...]
    allowed: tuple[Conflict, ...]
    """Pairs that may be whatever forbids them."""
    remarks: tuple[str, ...]
    """What is no fault, but is better known."""


def read_people(
    supply: File,
    demand: File,
    conflicts: File | None = None,
    allowed: File | None = None,
    *,
    others: Mapping[str, str],
) -> People:
    """Everybody and every barred pair. `others` are organisations that are none of the 33 authorities and were named.

    Raises BadSheets with every fault of all files.
    """
    boroughs = _Boroughs(dict(others))
    sheets = [
        read_sheet(supply.data, file=supply.name, required=SUPPLY, optional=SUPPLY_MAY),
        read_sheet(demand.data, file=demand.name, required=DEMAND, optional=DEMAND_MAY),
    ]
    for sheet in sheets:
        _check_ids(sheet)
    supplies = [_supply(sheets[0], row, boroughs) for row in sheets[0].rows]
    demands = [_demand(sheets[1], row, boroughs) for row in sheets[1].rows]
    known = [{row["id"] for row in sheet.rows} if sheet.whole else None for sheet in sheets]
    _check_preferences(sheets[1], known[0])
    pairs: list[list[Conflict]] = []
    for file in (conflicts, allowed):
        if file is None:
            pairs.append([])
            continue
        sheets.append(read_sheet(file.data, file=file.name, required=CONFLICTS, optional=CONFLICTS_MAY))
        pairs.append(_conflicts(sheets[-1], known, (supply.name, demand.name)))
    faults = [one for sheet in sheets for one in sorted(sheet.faults, key=lambda fault: fault.line or 0)]
    if faults:
        raise BadSheets(faults)
    return People(
        tuple(supplies),
        tuple(demands),
        tuple(pairs[0]),
        tuple(pairs[1]),
        (*_remarks(sheets), *boroughs.remarks(others)),
    )


def _check_ids(sheet: Sheet) -> None:
    """Every row has an id of its own."""
    lines: dict[str, int] = {}
    for row in sheet.rows:
        one = row["id"]
        if not one or ";" in one or "," in one:
            sheet.fault(row.line, "id", one, "a text without `;` and `,` that names this row alone")
        elif lines.setdefault(one, row.line) != row.line:
            sheet.fault(row.line, "id", one, f"another id: line {lines[one]} has it already")


def _supply(sheet: Sheet, row: Row, boroughs: "_Boroughs") -> Supply:
    return Supply(
        id=row["id"],
        name=row["name"] or row["id"],
        borough=boroughs.read(sheet, row),
        roles=row.items("roles"),
        skills=row.items("skills"),
        level=_level(sheet, row),
        capacity=_whole(sheet, row, "capacity", least=0),
        max_gap=_whole(sheet, row, "max_gap", least=1) if row["max_gap"] else None,
    )


def _demand(sheet: Sheet, row: Row, boroughs: "_Boroughs") -> Demand:
    if ";" in row["role"]:
        sheet.fault(row.line, "role", row["role"], "one role")
    return Demand(
        id=row["id"],
        name=row["name"] or row["id"],
        borough=boroughs.read(sheet, row),
        role=row["role"] or None,
        skills=row.items("skills"),
        level=_level(sheet, row),
        max_gap=_whole(sheet, row, "max_gap", least=1) if row["max_gap"] else None,
        line_managers=row.items("line_manager"),
        prefers=row.items("prefers"),
    )


@dataclass(slots=True)
class _Boroughs:
    """Boroughs and other organisations as they are met, each spelling read once."""

    others: dict[str, str]
    read_already: dict[str, str | NotABorough] = field(default_factory=dict)

    def read(self, sheet: Sheet, row: Row) -> str:
        said = row["borough"]
        if said not in self.read_already:
            try:
                self.read_already[said] = read_borough(said, self.others)
            except NotABorough as error:
                self.read_already[said] = error
        found = self.read_already[said]
        if isinstance(found, NotABorough):
            sheet.fault(row.line, "borough", said, str(found))
            return ""
        return found

    def remarks(self, named: Mapping[str, str]) -> Iterator[str]:
        """Which organisations were met that nobody named."""
        met = [name for plain, name in self.others.items() if plain not in named]
        if met:
            more = f" and {len(met) - _TOLD} more" if len(met) > _TOLD else ""
            yield f"none of the 33 authorities, compared as written: {', '.join(met[:_TOLD])}{more}"


def _level(sheet: Sheet, row: Row) -> Level:
    for level in LEVELS:
        if row["level"].casefold() == level:
            return level
    sheet.fault(row.line, "level", row["level"], f"one of {', '.join(LEVELS)}")
    return LEVELS[0]


def _whole(sheet: Sheet, row: Row, column: str, *, least: int) -> int:
    said = row[column]
    if said.isascii() and said.isdigit() and len(said) < 10 and least <= int(said) <= _MOST_PLACES:
        return int(said)
    sheet.fault(row.line, column, said, f"a whole number from {least} to {_MOST_PLACES:,}")
    return least


def _check_preferences(sheet: Sheet, known: set[str] | None) -> None:
    for row in sheet.rows if known is not None else ():
        for one in row.items("prefers"):
            if one not in (known or ()):
                sheet.fault(row.line, "prefers", one, "ids of the supply file, parted by `;`")


def _conflicts(sheet: Sheet, known: Sequence[set[str] | None], files: Sequence[str]) -> list[Conflict]:
    """The pairs of a file; where a file of people could not be read wholly, ids are not looked up in it."""
    for row in sheet.rows:
        for column, ids, file in zip(CONFLICTS, known, files, strict=True):
            if not row[column] or (ids is not None and row[column] not in ids):
                sheet.fault(row.line, column, row[column], f"an id of {file}")
    return [Conflict(row["supply_id"], row["demand_id"], row["why"]) for row in sheet.rows]


def _remarks(sheets: Sequence[Sheet]) -> list[str]:
    found = []
    for sheet in sheets:
        if sheet.unused:
            found.append(f"{sheet.file}: not used: the columns {', '.join(sheet.unused)}")
    return found
