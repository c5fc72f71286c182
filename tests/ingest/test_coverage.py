"""Coverage of the 33: what is known is counted once, and the list that comes along invents nothing."""

from datetime import date
from pathlib import Path

import services.ingest
from loti_contracts.vocabulary import authorities
from services.ingest.coverage import coverage
from services.ingest.sources import Source, Unknown, entry_of, read_entries, read_sources

LISTED = Path(services.ingest.__path__[0]) / "sources.yaml"


def board(name: str, *codes: str, verified: date | None = None) -> Source | Unknown:
    """A board of some authorities."""
    return entry_of(
        {
            "id": name,
            "name": name,
            "kind": "rss",
            "url": f"https://{name}.example/feed",
            "authorities": codes,
            "verified": verified,
        }
    )


def test_every_authority_stands_once_with_all_its_boards() -> None:
    """Known, verified and shared are counted by authority; a board that names none is counted apart."""
    rows, totals = coverage(
        [
            board("one", "E09000007", verified=date(2026, 1, 2)),
            board("two", "E09000007", "E09000012"),
            board("all"),
            entry_of({"id": "x", "name": "X", "kind": "unknown", "authorities": ["E09000028"], "from": "heard"}),
        ]
    )  # fmt: skip
    assert [row.gss for row in rows] == sorted(authorities())
    by_code = {row.gss: row for row in rows}
    camden, hackney, southwark = (by_code[code] for code in ("E09000007", "E09000012", "E09000028"))
    assert (camden.boards, camden.verified, camden.shared) == (("one", "two"), date(2026, 1, 2), True)
    assert (hackney.status, hackney.verified, hackney.shared) == ("known", None, True)
    assert (southwark.status, southwark.boards, southwark.told) == ("unknown", (), "heard")
    assert (totals.authorities, totals.known, totals.unknown) == (33, 2, 31)
    assert (totals.verified, totals.shared, totals.boards_of_no_authority) == (1, 2, 1)


def test_the_list_that_comes_along_names_all_33_and_says_where_it_knows_from() -> None:
    """Each authority has an entry; every address says where it was read; what is unknown has no address."""
    entries = read_entries(LISTED)
    named = [code for entry in entries for code in entry.authorities]
    assert sorted(named) == sorted(authorities())
    for entry in entries:
        if isinstance(entry, Source):
            assert entry.from_, entry.id
        else:
            assert not hasattr(entry, "url")


def test_unknown_boards_are_never_polled() -> None:
    """Whoever polls reads only boards that have an address."""
    polled = read_sources(LISTED)
    assert {source.id for source in polled} == {e.id for e in read_entries(LISTED) if e.kind != "unknown"}
    assert all(isinstance(source, Source) for source in polled)
