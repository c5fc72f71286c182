"""The derived tables of a service: emptied before they are filled anew, and compared with what they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.holdings import Holding

_queries = queries_beside(__file__)


@dataclass(frozen=True, slots=True)
class Compared:
    """One table before and after: how many rows, how many of them are not there any more, and how many are new."""

    table: str
    before: int
    after: int
    gone: int
    new: int

    @property
    def same(self) -> bool:
        """Whether it has the same rows, but for what a database merely learnt (Holding.learnt)."""
        return not self.gone and not self.new


@dataclass(frozen=True, slots=True)
class Derived:
    """The tables that come from topics. `compared` are queries of what must be equal, where that is not the columns."""

    holdings: Sequence[Holding]
    compared: Mapping[str, str]

    async def remember(self, tx: Connection) -> None:
        """Keep a digest of each row until `tx` ends."""
        for number, holding in enumerate(self.holdings):
            query = await self._rows(tx, holding)
            await tx.execute(f"CREATE TEMP TABLE row_before_{number} ON COMMIT DROP AS {query}")
            await tx.execute(f"CREATE INDEX ON row_before_{number} (row)")

    async def compare(self, tx: Connection) -> list[Compared]:
        """What became of what was remembered."""
        found = []
        for number, holding in enumerate(self.holdings):
            row = await tx.fetchrow(
                f"""WITH before AS (SELECT row, count(*) AS n FROM row_before_{number} GROUP BY row),
                         after AS (SELECT row, count(*) AS n FROM ({await self._rows(tx, holding)}) AS r GROUP BY row)
                    SELECT coalesce(sum(before.n), 0)::int AS before, coalesce(sum(after.n), 0)::int AS after,
                           coalesce(sum(greatest(coalesce(before.n, 0) - coalesce(after.n, 0), 0)), 0)::int AS gone,
                           coalesce(sum(greatest(coalesce(after.n, 0) - coalesce(before.n, 0), 0)), 0)::int AS new
                    FROM before FULL JOIN after USING (row)"""
            )
            assert row is not None  # noqa: S101 - an aggregate has a row
            found.append(Compared(holding.table, row["before"], row["after"], row["gone"], row["new"]))
        return found

    async def empty(self, tx: Connection) -> "SetAside":
        """Delete every row. Rows of other tables that would go with them are set aside."""
        tables = [holding.table for holding in self.holdings]
        aside = await SetAside.of(tx, tables)
        for table in tables:
            await tx.execute(f"DELETE FROM {table}")
        return aside

    async def _rows(self, tx: Connection, holding: Holding) -> str:
        columns = [row["name"] async for row in _queries.columns_of(tx, table=holding.table)]
        kept = ", ".join(f'"{name}"' for name in columns if name not in holding.learnt)
        query = self.compared.get(holding.table) or f"SELECT {kept} FROM {holding.table}"
        return f"SELECT hashtextextended(one::text, 0) AS row FROM ({query}) AS one"


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows that refer to rows of emptied tables, and do not themselves come from topics: who is signed in, say."""

    references: Sequence[Mapping[str, str]]

    @classmethod
    async def of(cls, tx: Connection, tables: Sequence[str]) -> "SetAside":
        """Copies of them, until `tx` ends."""
        references = [dict(row) async for row in _queries.that_refer_to(tx, tables=tables)]
        for number, one in enumerate(references):
            await tx.execute(f"CREATE TEMP TABLE aside_{number} ON COMMIT DROP AS TABLE {one['table']}")
        return cls(references)

    async def put_back(self, tx: Connection) -> None:
        """Those whose thing is there again; those that are there still stay."""
        for number, one in enumerate(self.references):
            await tx.execute(
                f"""INSERT INTO {one["table"]} OVERRIDING SYSTEM VALUE SELECT a.* FROM aside_{number} AS a
                    WHERE EXISTS (SELECT FROM {one["target"]} AS t WHERE t.{one["target_column"]} = a.{one["column"]})
                    ON CONFLICT DO NOTHING"""
            )
