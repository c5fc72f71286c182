"""The salaries service: hears roles, says benchmarks. Start it with `python -m services.salaries.app`."""

from pathlib import Path

from loti_contracts.delivery.process import Service, run
from loti_contracts.events import RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from loti_contracts.events.topics import ROLES
from services.salaries.handlers import on_roles
from services.salaries.settings import SalariesSettings


def service() -> Service:
    """Everything wired."""
    return Service(
        name="salaries",
        settings=SalariesSettings(),
        migrations=Path(__file__).parent / "migrations",
        hears=(ROLES,),
        on_batch=on_roles,
        handles=frozenset({RoleDiscovered, RoleChanged, RoleClosed, RoleReadvertised}),
    )


if __name__ == "__main__":
    run(service())
