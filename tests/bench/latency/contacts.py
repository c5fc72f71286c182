"""Who wants to hear of the postings."""

import random

import asyncpg

from services.ingest.titles import classify
from tests.bench.latency.adverts import TITLES, boards
from tests.notify.sending import made


async def subscribe(tx: asyncpg.Connection, contacts: int, chance: random.Random) -> None:
    """Contacts that want to hear at once of new roles of one kind in some boroughs; one of each borough also of offers of
    its own below the market."""
    ids = [f"contact-{n}" for n in range(contacts)]
    kinds = sorted({str(classify(title).role) for title in TITLES})
    codes = [gss for _, gss in boards().values()]
    async with tx.transaction():
        await made.people(tx, ids, domains=33)
        for number, id_ in enumerate(ids):
            wants = [
                {
                    "topic": "new role",
                    "frequency": "at once",
                    "standard_roles": [chance.choice(kinds)],
                    "boroughs": chance.sample(codes, chance.randint(1, 4)),
                }
            ]
            if number < len(codes):
                wants.append({"topic": "offer below market", "frequency": "at once"})
                await tx.execute("UPDATE contact SET borough = $2 WHERE id = $1", id_, codes[number])
            await tx.execute(
                "UPDATE choice SET subscriptions = $2::jsonb WHERE contact_id = $1", id_, made.as_json(wants)
            )
