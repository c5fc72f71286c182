"""What services say of their tables is true."""

from collections.abc import Sequence
from importlib import import_module

import pytest

from loti_contracts.delivery.holdings import OF_DELIVERY, Holding
from loti_contracts.delivery.settings import ServiceSettings
from tests.databases import connected, database_of
from tests.servers import Postgres

SERVICES = ("ingest", "salaries", "matching", "notify", "library", "webhooks", "portal")
_COLUMNS = """
    SELECT relname AS table, attname AS column, format_type(atttypid, atttypmod) AS type
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relkind IN ('r', 'p', 'm') AND relnamespace = 'public'::regnamespace"""


def holdings_of(service: str) -> Sequence[Holding]:
    """Everything that a service's database holds."""
    own: Sequence[Holding] = import_module(f"services.{service}.holdings").HOLDINGS
    return (*own, *OF_DELIVERY)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_table_is_accounted_for(service: str, postgres: Postgres) -> None:
    """A service's tables are exactly those that its holdings name, each once; every column that they name is there, ages
    are times, and a column that is called after a contact or an address is one by which people are found."""
    async with connected(await database_of(service, postgres)) as connection:
        rows = await connection.fetch(_COLUMNS)
    types = {(row["table"], row["column"]): row["type"] for row in rows}
    holdings = holdings_of(service)
    assert sorted(one.table for one in holdings) == sorted({table for table, _ in types})
    for one in holdings:
        named = {*one.about, *one.learnt, *([one.age] if one.age else [])}
        assert named <= {column for table, column in types if table == one.table}, one.table
        assert one.age is None or types[one.table, one.age] == "timestamp with time zone", one.table
        assert not one.about or one.because, f"{one.table} is about people: say why it is kept"
        people = {
            column
            for (table, column), type_ in types.items()
            if table == one.table
            and any(word in column for word in ("contact_id", "email"))
            and type_ in ("text", "text[]")
        }
        assert people <= set(one.about), one.table


@pytest.mark.parametrize("service", SERVICES)
def test_times_that_can_be_set_are_those_of_the_settings(service: str) -> None:
    """Where a setting says how long rows are kept, there is such a setting, in days, and it says the same unless it is
    set."""
    module = import_module(f"services.{service}.settings")
    classes = [one for one in vars(module).values() if isinstance(one, type)]
    [settings] = [
        one for one in classes if issubclass(one, ServiceSettings) and one.__module__ == module.__name__
    ]
    for one in holdings_of(service):
        if one.setting is not None:
            assert one.kept is not None
            assert settings.model_fields[one.setting].default == one.kept.days, one.table


def test_half_a_time_is_refused() -> None:
    """A holding that is kept for a time but does not say by which column, or the other way round, cannot be made."""
    with pytest.raises(ValueError, match="by which column"):
        Holding("things", "things", "own", age="made_at")
