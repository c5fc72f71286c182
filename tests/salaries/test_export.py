"""`loti salaries export`: the public table, whole and safe to open."""

import asyncio
import csv
import io
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Benchmark, ContributedPay, PaidQuantiles
from services.salaries import store
from services.salaries.commands import app
from services.salaries.export import COLUMNS, as_csv, rows
from services.salaries.export_parquet import NoPyarrow, as_parquet
from services.salaries.files import NotWritten, write_whole
from tests.salaries.hearing import BARNET, a_role, hear_batch
from tests.salaries.packs import an_offer, the_cells

PAID = ContributedPay(paid=PaidQuantiles(p25=60_000_00, p50=64_000_00, p75=68_000_00), boroughs=6, posts=15)
OFFERS = st.lists(
    st.builds(
        lambda n, level, low, more, period, days: an_offer(
            n, level=level, pay=(low, low + more), period=period, days_ago=days
        ),
        st.integers(0, 32),
        st.sampled_from(["senior", "lead", None]),
        st.integers(10_000_00, 90_000_00),
        st.integers(0, 20_000_00),
        st.sampled_from(["year", "day"]),
        st.integers(0, 700),
    ),
    max_size=12,
)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@given(OFFERS)
def test_csv_says_what_the_benchmarks_say(offers: Sequence[Any]) -> None:
    """Every cell is a row, and each amount read back is the benchmark's, in pounds to the penny."""
    cells = {cell.id: cell for cell in the_cells(offers, {"enterprise-architect.all.london": PAID})}
    read = read_csv(as_csv(cells.values()))
    assert [row["benchmark_id"] for row in read] == sorted(cells)
    for row in read:
        cell = cells[row["benchmark_id"]]
        assert (row["level"], row["area"], row["period"]) == (cell.level, cell.area, cell.period)
        assert int(row["adverts"]) == cell.adverts
        assert row["freshest_advert"] == str(cell.freshest)
        assert cell.middle is not None
        assert int(Decimal(row["middle_p50_gbp"]) * 100) == cell.middle.p50
        paid = cell.contributed.paid if cell.contributed else None
        assert row["paid_p50_gbp"] == ("64000.00" if paid else "")


@given(OFFERS)
def test_parquet_says_what_csv_says(offers: Sequence[Any]) -> None:
    """The same rows, with types instead of text."""
    cells = the_cells(offers)
    table = pyarrow.parquet.read_table(io.BytesIO(as_parquet(cells)))
    assert table.column_names == [column.name for column in COLUMNS]
    assert [list(row.values()) for row in table.to_pylist()] == rows(cells)


def test_every_column_is_described() -> None:
    """Each has a name of its own, what it means, and its unit where it is money, in the file itself."""
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    schema = pyarrow.parquet.read_schema(io.BytesIO(as_parquet([])))
    for column, field in zip(COLUMNS, schema, strict=True):
        assert field.metadata[b"description"].decode() == column.about
        assert (b"unit" in field.metadata) == column.name.endswith("_gbp") == (column.kind == "pounds")


def test_every_field_of_a_benchmark_is_in_the_table() -> None:
    """A new field is exported, or left out on purpose: the months of the trend are a table of their own."""
    taken = {column.path.split(".")[0] for column in COLUMNS}
    assert set(Benchmark.model_fields) - taken == set()


def test_an_empty_table_has_its_columns() -> None:
    """Before the first advert there is a header, and no row; a cell without anything to say is none either."""
    empty = the_cells([an_offer()])[0].model_copy(update={"adverts": 0})
    for cells in ([], [empty]):
        assert as_csv(cells).decode().splitlines() == [",".join(column.name for column in COLUMNS)]
        assert pyarrow.parquet.read_table(io.BytesIO(as_parquet(cells))).num_rows == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "|cmd", '=HYPERLINK("http://x")'])
def test_no_text_is_a_formula(text: str) -> None:
    """What a spreadsheet would run stands behind an apostrophe; a number below nought stays a number."""
    cell = the_cells([an_offer()])[0]
    told = cell.model_copy(update={"contributed": ContributedPay(suppressed=text)})
    assert read_csv(as_csv([told]))[0]["paid_withheld"] == f"'{text}"
    assert cell.trend is not None
    falling = cell.model_copy(update={"trend": cell.trend.model_copy(update={"change": -125})})
    assert read_csv(as_csv([falling]))[0]["trend_percent"] == "-1.25"


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """An image of the service has no pyarrow; CSV needs none."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NoPyarrow, match=r"pip install 'talent-exchange\[parquet\]', or use --csv"):
        as_parquet([])
    assert as_csv([])


async def test_the_command_writes_the_table_of_the_database(dsn: str, db: Connection, tmp_path: Path) -> None:
    """To a file or to standard output, both formats, and one of them must be said."""

    async def export(*words: str) -> Any:
        env = {"LOTI_DATABASE": dsn}
        return await asyncio.to_thread(CliRunner().invoke, app, ["export", *words], env=env)

    assert (await export("--csv")).stdout_bytes == as_csv([])
    await hear_batch(db, [a_role(id="r1"), a_role(id="r2", authorities=(BARNET,), level="senior")])
    table = await store.all_benchmarks(db)
    assert len(rows(table)) == 7

    assert (await export("--csv")).stdout_bytes == as_csv(table)
    assert (await export("--parquet")).stdout_bytes == as_parquet(table)
    for form, made in (("--csv", as_csv(table)), ("--parquet", as_parquet(table))):
        assert (await export(form, "--out", str(tmp_path / "table"))).exit_code == 0
        assert (tmp_path / "table").read_bytes() == made
    for words in ((), ("--csv", "--parquet")):
        refused = await export(*words)
        assert refused.exit_code == 1
        assert "say one of --csv and --parquet" in refused.stderr
    assert "is a folder" in (await export("--csv", "--out", str(tmp_path))).stderr
    listed = (await export("--columns")).stdout.splitlines()
    assert [line.split()[0] for line in listed] == [column.name for column in COLUMNS]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fails half-way the older file stands, and nothing is left beside it."""
    file = tmp_path / "table.csv"
    file.write_bytes(b"older")
    file.chmod(0o640)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotWritten, match="No space left on device"):
        write_whole(file, b"newer")
    assert file.read_bytes() == b"older"
    monkeypatch.undo()
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    write_whole(link, b"newer")
    assert (file.read_bytes(), link.is_symlink()) == (b"newer", True)
    assert file.stat().st_mode & 0o777 == 0o640
    assert {path.name for path in tmp_path.iterdir()} == {"table.csv", "link.csv"}
