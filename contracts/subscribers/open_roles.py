"""An outside system in Python: keeps a table of the open roles, exactly as the boards show them.

    LOTI_KAFKA=broker:9092 LOTI_DATABASE=postgresql://me@localhost/mine python open_roles.py

It needs `pip install "loti-contracts[delivery]"`, Kafka and a PostgreSQL database of its own. Kill it whenever you like.
"""

from pathlib import Path

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.subscriber import Subscriber
from loti_contracts.events import Envelope, RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised

app = Subscriber("example-open-roles", migrations=Path(__file__).with_name("tables"))


@app.on(RoleDiscovered, RoleReadvertised, RoleChanged, RoleClosed)
async def keep(said: Envelope[RoleDiscovered], tx: Connection) -> None:
    """A role as it is now; what is not newer than what is known changes nothing."""
    role = said.event.role
    await tx.execute(
        """INSERT INTO role AS known (id, revision, status, title, boroughs, closes_on, link)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (id) DO UPDATE SET
               revision = excluded.revision, status = excluded.status, title = excluded.title,
               boroughs = excluded.boroughs, closes_on = excluded.closes_on, link = excluded.link
           WHERE known.revision < excluded.revision""",
        role.id,
        role.revision,
        role.status,
        role.title,
        [authority.name for authority in role.authorities],
        role.closes_on,
        next(iter(role.links), None),
    )


if __name__ == "__main__":
    app.run()
