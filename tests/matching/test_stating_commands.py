"""What people state with `loti matching`: supporters from a spreadsheet, and what came of an introduction."""

import asyncio
import json
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.current import current
from deploy.statements import say
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS, Contact, ContactStated, Outcome, State, Supporter
from loti_contracts.events.topics import CONTACTS, OUTCOMES, SUPPORTERS
from services.matching.cases import match_id
from services.matching.supporter_template import template
from tests.matching.hearing import accepts, came_of, hear
from tests.matching.making import a_request, a_supporter

OWN = secrets.token_hex(4)
S = TypeVar("S", bound=State)


async def loti(*arguments: str) -> Result:
    """Run the command beside the test's own loop."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["matching", *arguments], catch_exceptions=False)


@pytest.fixture
async def broker(kafka: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A broker with the contract's topics."""
    monkeypatch.setenv("LOTI_KAFKA", kafka.bootstrap)
    await ensure_topics(kafka.bootstrap, TOPICS, replication=kafka.replication)
    address: str = kafka.bootstrap
    return address


async def test_a_spreadsheet_is_stated_once_and_changed_by_its_rows(broker: str, tmp_path: Path) -> None:
    """The first import lists everybody; the second says nothing; a changed row is the next revision of that one alone,
    and the contact keeps what it subscribed to."""
    file, own, rossi = tmp_path / "supporters.csv", _template(), f"mentor-{OWN}"
    file.write_text(own)
    wants = ({"topic": "new role"},)
    await say(broker, [ContactStated(contact=_mentor(revision=4, subscriptions=wants))])
    assert "4 listed" in (await loti("supporters", "import", str(file), "--dry-run")).stdout
    assert rossi not in await current(broker, SUPPORTERS)

    first = json.loads((await loti("supporters", "import", str(file), "--json")).stdout)
    assert (first["listed"], first["said"]) == (4, 8)
    again = json.loads((await loti("supporters", "import", str(file), "--json")).stdout)
    assert (again["unchanged"], again["said"]) == (4, 0)

    file.write_text(own.replace("mentor,,Marco", "mentor,withdrawn,Marco"))
    third = json.loads((await loti("supporters", "import", str(file), "--json")).stdout)
    assert (third["withdrawn"], third["unchanged"], third["said"]) == (1, 3, 1)
    listed = _only(Supporter, await current(broker, SUPPORTERS))
    assert {one.id: one.revision for one in listed if one.id.endswith(OWN)} == {
        f"recruiter-{OWN}": 1,
        rossi: 2,
        f"university-{OWN}": 1,
        f"training-{OWN}": 1,
    }
    contacts = {one.id: one for one in _only(Contact, await current(broker, CONTACTS))}
    mentor = contacts[f"contact-{rossi}"]
    assert (mentor.revision, mentor.name, len(mentor.subscriptions)) == (5, "Marco Rossi", 1)


async def test_an_outcome_is_stated_with_the_next_revision(
    broker: str, db: Any, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came of a match goes to the outcomes topic; what cannot be is refused before anything is said."""
    monkeypatch.setenv("LOTI_DATABASE", dsn)
    asked = f"request-{OWN}"
    await hear(
        db, a_supporter(), a_request(id=asked), accepts(asked, "supporter-1"), a_request(id="request-2")
    )
    await hear(db, came_of(asked, "ongoing", revision=3))
    match = match_id(asked)
    result = await loti("outcome", match, "--result", "hired", "--note", "Starts in May.", "--json")
    assert result.exit_code == 0
    said = {one.id: one for one in _only(Outcome, await current(broker, OUTCOMES))}[match]
    assert (said.id, said.revision, said.result, said.note) == (match, 4, "hired", "Starts in May.")
    before = (await current(broker, OUTCOMES))[match]
    for arguments, why in (
        (("nowhere", "--result", "hired"), "there is no match nowhere"),
        ((match, "--result", "promoted"), "--result is 'promoted'"),
        ((match, "--result", "mentored"), "its result may be hired, advised, ongoing, nothing"),
        ((match_id("request-2"), "--result", "hired"), "is proposed: nobody was accepted"),
    ):
        refused = await loti("outcome", *arguments)
        assert refused.exit_code in (1, 2)
        assert why in refused.stderr
    found = await current(broker, OUTCOMES)
    assert found[match] == before
    assert match_id("request-2") not in found


async def test_a_bad_spreadsheet_says_nothing(broker: str, tmp_path: Path) -> None:
    """Every mistake is told with its line, and no row of the file is stated."""
    file, one = tmp_path / "bad.csv", f"one-{OWN}"
    file.write_text(
        f"id,name,email,organisation,capacity\n{one},One,one@x.example,X,2\ntwo,Two,two@x.example,X,lots\n"
    )
    result = await loti("supporters", "import", str(file), "--kind", "mentor")
    assert result.exit_code == 2
    assert "line 3, capacity: is 'lots'; write a whole number" in result.stderr
    assert (await loti("supporters", "import", str(file), "--kind", "friend")).exit_code == 2
    assert one not in await current(broker, SUPPORTERS)


async def test_a_broker_that_does_not_answer_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stack trace when Kafka is away."""
    monkeypatch.setenv("LOTI_KAFKA", "127.0.0.1:1")
    file = tmp_path / "supporters.csv"
    file.write_text(template())
    result = await loti("supporters", "import", str(file))
    assert result.exit_code == 1
    assert "Kafka at 127.0.0.1:1 does not answer" in result.stderr


def _template() -> str:
    """The template, with ids that no other run on the same broker has used."""
    return re.sub(
        r"^(recruiter|mentor|university|training)-\w+,", rf"\1-{OWN},", template(), flags=re.MULTILINE
    )


def _mentor(**differences: Any) -> Contact:
    usual = {
        "id": f"contact-mentor-{OWN}",
        "revision": 1,
        "name": "M. Rossi",
        "email": "marco.rossi@southwark.example",
        "organisation": "London Borough of Southwark",
    }
    return Contact.model_validate({**usual, **differences})


def _only(kind: type[S], found: dict[str, State]) -> Sequence[S]:
    return [one for one in found.values() if isinstance(one, kind)]
