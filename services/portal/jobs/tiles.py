"""The map: each authority is a tile of the same size, about where it lies, so that the City can be hit as well as Bromley.

The grid is `gb_london_boroughs_grid` of geofacet by Ryan Hafen (https://github.com/hafen/geofacet, MIT licence), with
Richmond upon Thames and Kingston upon Thames in each other's place: Richmond lies north of Kingston.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loti_contracts.vocabulary import authorities

TILE: Final = 100
"""The side of a tile and its gap, in the units of the drawing."""
_GAP: Final = 6
COLUMNS: Final = 8
ROWS: Final = 7
_SHADES: Final = 4

_PLACES: Final[Mapping[str, tuple[int, int, str]]] = {
    "E09000001": (4, 5, "CTY"), "E09000002": (4, 8, "B&D"), "E09000003": (2, 4, "BNT"), "E09000004": (5, 8, "BXL"),
    "E09000005": (3, 3, "BRT"), "E09000006": (6, 6, "BRM"), "E09000007": (3, 4, "CMD"), "E09000008": (6, 5, "CRD"),
    "E09000009": (3, 2, "ELG"), "E09000010": (1, 5, "ENF"), "E09000011": (5, 7, "GRN"), "E09000012": (3, 6, "HCK"),
    "E09000013": (4, 2, "H&F"), "E09000014": (2, 5, "HGY"), "E09000015": (2, 3, "HRW"), "E09000016": (3, 8, "HVG"),
    "E09000017": (3, 1, "HDN"), "E09000018": (4, 1, "HNS"), "E09000019": (3, 5, "ISL"), "E09000020": (4, 3, "K&C"),
    "E09000021": (6, 3, "KNG"), "E09000022": (5, 4, "LAM"), "E09000023": (5, 6, "LEW"), "E09000024": (6, 4, "MRT"),
    "E09000025": (4, 7, "NWM"), "E09000026": (3, 7, "RDB"), "E09000027": (5, 2, "RCH"), "E09000028": (5, 5, "SWK"),
    "E09000029": (7, 4, "SUT"), "E09000030": (4, 6, "TOW"), "E09000031": (2, 6, "WTH"), "E09000032": (5, 3, "WNS"),
    "E09000033": (4, 4, "WST"),
}  # fmt: skip
"""Row and column from the north-west, and three letters, by GSS code."""


@dataclass(frozen=True, slots=True)
class Tile:
    """An authority on the map. `shade` is 0 (no role) to 4; `lines` is its name on one to three lines."""

    gss: str
    name: str
    short: str
    lines: Sequence[str]
    roles: int
    shade: int
    x: int
    y: int
    side: int


@dataclass(frozen=True, slots=True)
class Band:
    """A shade of the legend: from `low` to `high` roles."""

    shade: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class TileMap:
    """The placed map, its authorities from north to south and west to east."""

    tiles: Sequence[Tile]
    bands: Sequence[Band]
    width: int = COLUMNS * TILE
    height: int = ROWS * TILE


def tile_map(roles: Mapping[str, int]) -> TileMap:
    """`roles`: how many are in each authority, by GSS code; what is no authority's is not on the map."""
    bands = _bands(max((roles.get(gss, 0) for gss in _PLACES), default=0))
    tiles = [
        Tile(
            gss=gss,
            name=authorities()[gss].name,
            short=short,
            lines=_lines(authorities()[gss].name),
            roles=roles.get(gss, 0),
            shade=next(band.shade for band in bands if band.low <= roles.get(gss, 0) <= band.high),
            x=(column - 1) * TILE + _GAP // 2,
            y=(row - 1) * TILE + _GAP // 2,
            side=TILE - _GAP,
        )
        for gss, (row, column, short) in _PLACES.items()
    ]
    return TileMap(sorted(tiles, key=lambda tile: (tile.y, tile.x)), bands)


def _bands(most: int) -> list[Band]:
    """Shades of about the same width, none where there are none: 0, then up to four bands from 1 to `most`."""
    bands, low = [Band(0, 0, 0)], 1
    count = min(_SHADES, most)
    for n in range(1, count + 1):
        high = -(-most * n // count)
        bands.append(Band(n if count == _SHADES else n + (_SHADES - count) * n // count, low, high))
        low = high + 1
    return bands


def _lines(name: str) -> list[str]:
    """The name as it fits on a tile, one word a line but for short ones."""
    lines: list[str] = []
    for word in name.replace(" and ", " & ").replace(" upon Thames", "").split():
        if lines and (lines[-1] == "&" or len(lines[-1]) + len(word) < 8):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
