"""A database of the first version is brought up to date with what is in it."""

import shutil
from pathlib import Path
from typing import Any

import services.matching
from loti_contracts.delivery.migrations import migrate, migrate_delivery
from services.matching.cases import match_id
from tests.databases import connected
from tests.matching.hearing import Town, accepts, latest
from tests.matching.making import NOON, a_request, a_supporter

MIGRATIONS = Path(services.matching.__file__).parent / "migrations"
_NEWER = ("available", "left_out_counts", "purpose", "stage", "stated_at")


async def test_what_the_first_version_knew_is_still_known(postgres: Any, tmp_path: Path) -> None:
    """Supporters, an introduction and its load survive the migration; the supporter has one place left, not two, and
    an open request is looked at anew."""
    shutil.copy(MIGRATIONS / "0001_matching.sql", tmp_path)
    async with connected(await postgres.create_database()) as db:
        await migrate_delivery(db)
        await migrate(db, "matching", tmp_path)
        supporter = a_supporter(capacity=2)
        await db.execute(
            "INSERT INTO supporters (id, revision, kind, state) VALUES ($1, 1, $2, $3)",
            supporter.id,
            supporter.kind,
            supporter.model_dump_json(exclude=set(_NEWER)),
        )
        for request in (a_request(), a_request(id="request-2")):
            await db.execute(
                "INSERT INTO requests (id, revision, kind, status, state) VALUES ($1, 1, $2, 'open', $3)",
                request.id,
                request.kind,
                request.model_dump_json(exclude=set(_NEWER)),
            )
        await db.execute(
            """INSERT INTO matches (id, request_id, status, accepted_supporter_id, state, offered, answered_revision)
               VALUES ($1, 'request-1', 'accepted', 'supporter-1', $2, '[]', 1)""",
            match_id("request-1"),
            _accepted(),
        )
        await migrate(db, "matching", MIGRATIONS)
        town = Town()
        await town.hear(db, a_request(id="request-2", revision=2))
        (found,) = (await latest(db)).values()
        assert found.shortlist[0].reasons[-1].sentence == "Is helping with 1 request and takes 2 at a time."
        await town.hear(db, accepts("request-2", "supporter-1"), a_request(id="request-3"))
        assert (await latest(db))["request-3"].stage == "open"


def _accepted() -> str:
    return f"""{{"id": "{match_id("request-1")}", "revision": 2, "request_id": "request-1", "kind": "recruiter",
        "status": "accepted", "borough": "E09000007", "requester_contact_id": "contact-camden", "shortlist": [],
        "accepted": {{"supporter_id": "supporter-1", "contact_id": "contact-recruiter", "score": 1, "reasons": []}},
        "proposed_at": "{NOON.isoformat()}", "answered_at": "{NOON.isoformat()}"}}"""
