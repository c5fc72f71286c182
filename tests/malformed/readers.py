"""Malformed files, documents and words: what each reader of the system makes of each. A reader takes them, or refuses them
by its own error, with a reason. Files first, then what other machines answer or send back."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from deploy.statements import SAYABLE, StatementRefused, read_statements
from loti_contracts.structures import TEMPLATE as STRUCTURE
from loti_contracts.structures import StructureRefused, read_structure, structure_text
from services.ingest.dates import read_closing
from services.ingest.pay import read_pay
from services.ingest.robots import read_robots
from services.ingest.sources import SourcesRefused, read_entries
from services.library.markdown_file import TEMPLATE as ITEM
from services.library.markdown_file import FileRefused as ItemRefused
from services.library.markdown_file import read_item_file
from services.matching.reading import BadFile, read_request, read_supporters
from services.matching.rounds.reading import BadSheets, File, read_people
from services.matching.rounds.templates import TEMPLATES
from services.matching.supporter_files import BadRows, read_rows
from services.matching.supporter_template import template as supporters_template
from services.notify.newsletter.edition_file import FileRefused as EditionRefused
from services.notify.newsletter.edition_file import read_file
from services.notify.reports import reading as reports
from services.notify.sending.govuk_notify_answers import NotUnderstood, gone_out
from services.notify.sending.replies import Nonsense, Replies
from services.salaries.contributed.complaints import UploadRefused
from services.salaries.contributed.template import template as pay_template
from services.salaries.contributed.upload import read_upload
from services.webhooks.cursors import Cursor, NotACursor
from services.webhooks.cursors import read as read_cursor
from tests.ingest.mutations import damaged, recorded
from tests.malformed.damage import as_json, damaged_bytes, damaged_value
from tests.malformed.outcomes import Boundary, Outcome, crashed, refused
from tests.malformed.worlds import examples
from tests.notify.reports.came_back import KEY, path_of, postfix

_NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
_EDITION = "---\ntitle: Jobs\nsummary: New.\nsince: 2026-11-01\nuntil: 2026-11-30\n---\nHello [a](https://a.example).\n\n## Roles\n\n- **One** at Camden\n"
_ROBOTS = "User-agent: *\nDisallow: /private*\nAllow: /private/jobs$\nCrawl-delay: 2\n\nUser-agent: talent\nDisallow:\n"
_PAYS = (
    "£45,000 - £55,000 per annum",
    "PO4 (£49,125 to £52,194) inc. LW",
    "£350 a day outside IR35, 3 months",
    "£17.30 p/h pro rata",
)
_REPLIES = b"250-relay.example\r\n250-PIPELINING\r\n250 SIZE 100\r\n550 5.1.1 <a@b.example>: no such user\r\n"
_SOURCES = Path(__file__).parents[2] / "services" / "ingest" / "sources.yaml"


class _NotTaken(Exception):
    """What the reader of reports says instead of raising."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What is read, from which sound samples, and by which error it is refused."""

    name: str
    read: Callable[[bytes], object]
    samples: tuple[bytes, ...]
    errors: tuple[type[BaseException], ...] = ()
    share: int = 1
    json: bool = field(default=False)

    def boundary(self) -> Boundary:
        """With its part of the inputs."""
        return Boundary(self.name, self.share, self._send)

    async def _send(self, chance: Random) -> tuple[Outcome, bytes]:
        sound = chance.choice(self.samples)
        if self.json and chance.random() < 0.6:
            body = as_json(damaged_value(json.loads(sound), chance))
        else:
            body = damaged_bytes(sound, chance)
        try:
            self.read(body)
        except self.errors as error:
            return refused(error), body
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            return crashed(error), body
        return Outcome("taken"), body


def boundaries() -> list[Boundary]:
    """All readers, and boards' documents by every adapter."""
    return [Boundary("documents of boards", 12, _document), *(one.boundary() for one in readers())]


def readers() -> list[Reader]:
    """Of files that people hand in, and of what other machines say."""
    csv, words = _texts(supporters_template()), tuple(text.encode() for text in _PAYS)
    return [
        Reader("a board's list of sources", _sources, (_SOURCES.read_bytes(),), (SourcesRefused,)),
        Reader("a CSV of supporters", _supporters, csv, (BadRows,)),
        Reader("a CSV of pay", read_upload, _texts(pay_template()), (UploadRefused,)),
        Reader("the CSVs of a round", _round, _texts(TEMPLATES["demand"], TEMPLATES["supply"]), (BadSheets,)),
        Reader("a CSV of a structure", lambda body: read_structure(structure_text(body)), _texts(STRUCTURE), (StructureRefused,)),
        Reader("a request as JSON", lambda body: read_request(_text(body), name="r"), _values("request"), (BadFile,), json=True),
        Reader("supporters as JSON", lambda body: read_supporters(_text(body), name="s"), _values("supporter"), (BadFile,), json=True),
        Reader("an item of the library", lambda body: read_item_file(_text(body)), _texts(ITEM), (ItemRefused,)),
        Reader("an edition", lambda body: read_file(_text(body)), _texts(_EDITION), (EditionRefused,)),
        Reader("lines of `loti say`", _statements, tuple(_lines()), (StatementRefused,), json=True),
        Reader("a robots.txt", lambda body: read_robots(body, "talent-exchange"), _texts(_ROBOTS)),
        Reader("words of pay and dates", _words, words),
        Reader("reports of mail", _reports, (postfix(path_of()),), (_NotTaken,)),
        Reader("replies of a relay", _replies, (_REPLIES,), (Nonsense,)),
        Reader("answers of GOV.UK Notify", _govuk, (b'{"notifications": [{"id": "x", "status": "sending"}]}',), (NotUnderstood,), json=True),
        Reader("cursors of the event API", lambda body: read_cursor(_text(body)), (str(Cursor(UUID(int=5), 9)).encode(),), (NotACursor,)),
    ]  # fmt: skip


def _texts(*texts: str) -> tuple[bytes, ...]:
    return tuple(text.encode() for text in texts)


def _text(body: bytes) -> str:
    """As a file that is opened as text gives it."""
    return body.decode("utf-8", "replace")


def _sources(body: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(body)
        file.flush()
        read_entries(Path(file.name))


def _supporters(body: bytes) -> None:
    read_rows(_text(body), name="s.csv", kind=None, stated_at=_NOW)


def _round(body: bytes) -> None:
    other = "supply" if b"prefers" in body.partition(b"\n")[0] else "demand"
    files = {"supply": body, "demand": body, other: TEMPLATES[other].encode()}  # type: ignore[index]
    read_people(File("supply.csv", files["supply"]), File("demand.csv", files["demand"]), others={})


def _reports(body: bytes) -> None:
    found = reports.read(body, (KEY,), domain="loti.example")
    if isinstance(found, reports.NotTaken):
        raise _NotTaken(found.why)


def _values(about: str) -> tuple[bytes, ...]:
    return tuple(as_json(one.value[about]) for one in examples() if one.value and about in one.value)


def _lines() -> list[bytes]:
    said = [one for one in examples() if one.headers["ce_type"] in SAYABLE]
    return [as_json({"type": one.headers["ce_type"], "data": one.value}) for one in said]


def _statements(body: bytes) -> None:
    list(read_statements(_text(body).splitlines()))


def _words(body: bytes) -> None:
    read_pay(_text(body))
    read_closing(_text(body), now=_NOW)


def _replies(body: bytes) -> None:
    replies = Replies()
    for start in range(0, len(body), 7):
        replies.feed(body[start : start + 7])
        while replies.next() is not None:
            pass


def _govuk(body: bytes) -> None:
    try:
        listed: Any = json.loads(body)
    except ValueError:
        return  # the client's own error, which the caller takes for an outage
    gone_out(listed)


async def _document(chance: Random) -> tuple[Outcome, bytes]:
    one = chance.choice(recorded())
    name = chance.choice(list(one.pages))
    body, _, _ = damaged(one.pages[name], chance)
    try:
        reading = one.read({**one.pages, name: body})
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return crashed(error), body
    if reading is None:
        return Outcome("refused", "it is no board"), body
    return Outcome("refused", reading.gaps[0]) if reading.gaps else Outcome("taken"), body
