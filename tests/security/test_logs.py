"""Log injection: whatever an event, a header or a person says, a line of the log is one fact, and stays it."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.delivery.logs import set_up_logs

FORGED = 'x"}\n{"event": "signed_in", "service": "portal", "level": "info"}'
anything = st.one_of(
    st.text(),
    st.sampled_from(
        [FORGED, "a\r\nb", "\x1b[2J\x1b[31mred", "\u2028", "\x00", "%s%n", "{0.__class__}", "\ud800"]
    ),
)


@pytest.fixture(scope="module")
def stream() -> Iterator[io.StringIO]:
    """Everything that is logged, as the service would write it; put back as it was afterwards."""
    root, before, level = logging.getLogger(), logging.getLogger().handlers[:], logging.getLogger().level
    set_up_logs("portal", form="json", level="INFO")
    caught = io.StringIO()
    root.handlers[0].setStream(caught)  # type: ignore[attr-defined]
    yield caught
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@given(anything, anything)
def test_a_fact_is_one_line(stream: io.StringIO, text: str, name: str) -> None:
    """One line of JSON with our own event and service, the text inside it, and no control character: not by structlog, not
    by the standard library, not in an error's words."""
    stream.seek(0)
    stream.truncate()
    structlog.get_logger("portal").info("page_asked", path=text, detail={"name": name})
    # What a test logs is shown by pytest, which cannot write half of a surrogate pair.
    logging.getLogger("library").warning(
        "a library says %s", text.encode("utf-8", "backslashreplace").decode()
    )
    try:
        int(text + " is no number")
    except ValueError:
        structlog.get_logger("portal").exception("page_failed", name=name)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 3
    for line in lines:
        assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", line)
    asked, library, failed = (json.loads(line) for line in lines)
    assert (asked["event"], asked["path"]) == ("page_asked", text)
    assert library["event"].startswith("a library says")
    assert failed["event"] == "page_failed"
    assert {one["service"] for one in (asked, library, failed)} == {"portal"}
