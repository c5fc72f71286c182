"""The table of benchmarks as Parquet. pyarrow is large, and is asked for only here."""

import io
from collections.abc import Iterable
from typing import Any

from loti_contracts.events import Benchmark
from services.salaries.export import COLUMNS, Column, rows


class NoPyarrow(RuntimeError):
    """pyarrow is not installed. The message says how to get it."""


def as_parquet(benchmarks: Iterable[Benchmark]) -> bytes:
    """The table with a type, a unit and a description for each column. Raises NoPyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise NoPyarrow(
            "Parquet needs pyarrow, which the images of the services leave out for its size: "
            "pip install 'talent-exchange[parquet]', or use --csv"
        ) from error
    types: dict[str, Any] = {
        "text": pyarrow.string(),
        "count": pyarrow.int64(),
        "number": pyarrow.float64(),
        "percent": pyarrow.float64(),
        "pounds": pyarrow.decimal128(12, 2),
        "date": pyarrow.date32(),
    }
    schema = pyarrow.schema(
        [pyarrow.field(one.name, types[one.kind], metadata=_described(one)) for one in COLUMNS],
        metadata={"title": "Pay offered for digital jobs by London's authorities", "currency": "GBP"},
    )
    table = rows(benchmarks)
    values = [[row[place] for row in table] for place in range(len(COLUMNS))]
    arrays = [pyarrow.array(column, field.type) for column, field in zip(values, schema, strict=True)]
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), out)
    return out.getvalue()


def _described(column: Column) -> dict[str, str]:
    described = {"description": column.about}
    return described | {"unit": "GBP"} if column.kind == "pounds" else described
