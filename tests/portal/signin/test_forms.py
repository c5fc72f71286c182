"""Forms: whatever is sent is read or refused, and nothing of it is cut or makes an error of ours."""

import asyncio
from typing import Any

import pytest
from fastapi import HTTPException
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from services.portal.signin.forms import MOST, Form, Upload, read

MULTIPART = "multipart/form-data; boundary=x"


def sent(body: bytes, kind: str, *, most: int = MOST) -> Form:
    """What is read of a body of that content type, which comes in pieces."""
    pieces = [body[at : at + 7_000] for at in range(0, len(body), 7_000)] or [b""]

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    headers = [(b"content-type", kind.encode("latin-1", "replace"))]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}
    return asyncio.run(read(Request(scope, receive), most=most))


def part(name: str, content: bytes, more: str = "") -> bytes:
    """One part of a form in several."""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


def test_fields_are_read_as_they_were_meant() -> None:
    """Without spaces around, with plain newlines, without control characters; the last of a name, or all."""
    form = sent(
        b"a=+x%0D%0Ay%00%07z+&b=1&b=2&c=%ff&d=%C3%A9", "application/x-www-form-urlencoded; charset=utf-8"
    )
    assert (form.text("a"), form.text("b"), form.all("b"), form.text("d")) == ("x\nyz", "2", ("1", "2"), "é")
    assert form.text("c") == "\ufffd"
    assert (form.text("none"), form.all("none"), form.has("none"), form.has("a")) == ("", (), False, True)


def test_nothing_is_cut() -> None:
    """What is too long is refused with how long it may be."""
    form = sent(b"a=" + b"x" * 101, "application/x-www-form-urlencoded")
    with pytest.raises(HTTPException, match="longer than 100 characters") as error:
        form.text("a", most=100)
    assert error.value.status_code == 422
    for kind in ("application/x-www-form-urlencoded", MULTIPART):
        with pytest.raises(HTTPException, match="more than 256 kB") as error:
            sent(b"a=" + b"x" * MOST, kind)
        assert error.value.status_code == 413


def test_files_come_whole() -> None:
    """With their names; a field of files in which none was chosen is none."""
    body = (
        part("f", b"a,b\x00\n", '; filename="te\x01am.csv"')
        + part("g", b"", '; filename=""')
        + part("t", "é".encode())
    )
    form = sent(body + b"--x--\r\n", MULTIPART)
    assert form.upload("f") == Upload("team.csv", b"a,b\x00\n")
    assert form.upload("g") is None
    assert form.text("t") == "é"
    large = part("f", b"y" * 900_000, '; filename="x"') + b"--x--\r\n"
    found = sent(large, MULTIPART, most=1_000_000).upload("f")
    assert found is not None
    assert len(found.content) == 900_000


@pytest.mark.parametrize("charset", ["unicode_escape", "idna", "utf-16", "no-such", "utf-7"])
def test_a_sender_chooses_no_codec(charset: str) -> None:
    """Fields are UTF-8, whatever the sender says."""
    body = part("a", b"\\ud800 \xc3\xa9") + b"--x--\r\n"
    assert sent(body, f"{MULTIPART}; charset={charset}").text("a") == "\\ud800 é"


@settings(max_examples=150)
@given(
    st.binary(max_size=300) | st.builds(lambda one, rest: part("a", one) + rest, st.binary(max_size=20), st.binary(max_size=40)),
    st.sampled_from(["application/x-www-form-urlencoded", MULTIPART, "multipart/form-data", "multipart/form-data; boundary=",
                     'multipart/form-data; boundary="a\x80b"', "text/plain", "", "multipart/form-data; boundary=" + "b" * 300]),
)  # fmt: skip
def test_anything_is_read_or_refused(body: bytes, kind: str) -> None:
    """Every field of what is read can be kept in the database; what cannot be read is refused with 400."""
    refused = 0
    try:
        kept = sent(body, kind).all("a")
    except HTTPException as error:
        kept, refused = (), error.status_code
    assert refused in (0, 400)
    assert all("\0" not in value and value.encode() is not None for value in kept)
