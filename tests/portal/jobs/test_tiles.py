"""The map has every authority once, none on top of another, and its colours cover every count."""

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.vocabulary import authorities
from services.portal.jobs.tiles import tile_map
from tests.portal.jobs.making import CAMDEN, HACKNEY

_COUNTS = st.dictionaries(st.sampled_from(sorted(authorities())), st.integers(0, 5_000))


@given(_COUNTS)
def test_every_authority_has_a_tile_of_its_own(roles: dict[str, int]) -> None:
    """All 33 are on the map, within it, each at its own place, with its own three letters and count."""
    drawn = tile_map(roles)
    assert {tile.gss for tile in drawn.tiles} == set(authorities())
    assert len({(tile.x, tile.y) for tile in drawn.tiles}) == len({tile.short for tile in drawn.tiles}) == 33
    for tile in drawn.tiles:
        assert 0 <= tile.x <= drawn.width - tile.side
        assert 0 <= tile.y <= drawn.height - tile.side
        assert tile.roles == roles.get(tile.gss, 0)


@given(_COUNTS)
def test_the_legend_is_true_of_every_tile(roles: dict[str, int]) -> None:
    """Bands touch without overlapping, from 0 to the most; a tile has the colour of the band that its count is in, and
    more roles are never lighter."""
    drawn = tile_map(roles)
    assert [band.low for band in drawn.bands] == [0, *(band.high + 1 for band in drawn.bands[:-1])]
    assert drawn.bands[-1].high == max(tile.roles for tile in drawn.tiles)
    shade = {n: band.shade for band in drawn.bands for n in (band.low, band.high)}
    assert len({band.shade for band in drawn.bands}) == len(drawn.bands)
    assert all(shade.get(tile.roles, tile.shade) == tile.shade for tile in drawn.tiles)
    by_roles = sorted(drawn.tiles, key=lambda tile: tile.roles)
    assert [tile.shade for tile in by_roles] == sorted(tile.shade for tile in drawn.tiles)
    assert all((tile.shade == 0) == (tile.roles == 0) for tile in drawn.tiles)


def test_neighbours_are_neighbours() -> None:
    """Hackney lies east of Camden in the same row, Richmond upon Thames north of Kingston, Sutton in the south."""
    by_gss = {tile.gss: tile for tile in tile_map({}).tiles}
    assert by_gss[HACKNEY].y == by_gss[CAMDEN].y
    assert by_gss[HACKNEY].x > by_gss[CAMDEN].x
    assert by_gss["E09000027"].y < by_gss["E09000021"].y
    assert by_gss["E09000029"].y == max(tile.y for tile in by_gss.values())
