"""Forms: what a visitor sent from a page of ours, and nothing that another site made it send."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import HTTPException, Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from services.portal.signin.csrf import FormToken

FIELD: Final = "csrf"
"""The hidden field with the form's token."""

MOST: Final = 256_000
"""Bytes of a form without files."""

_MOST_FIELDS: Final = 1_000
_KEPT: Final = {"\n", "\t"}


class Forged(Exception):
    """It did not come from a form that this visitor was shown, or the form is older than the sign-in."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent."""

    name: str
    content: bytes


class Form:
    """The fields of a form, by name."""

    def __init__(self, fields: Sequence[tuple[str, str]], uploads: Sequence[tuple[str, Upload]] = ()) -> None:
        self._fields = fields
        self._uploads = uploads

    def text(self, name: str, *, most: int = 20_000) -> str:
        """The field's last value without spaces around it; empty where it was not sent.

        Lines end with a newline alone; NULs and other control characters are left out. Raises HTTPException (422) where
        it is longer than `most` characters: nothing is cut.
        """
        return next(reversed(self.all(name, most=most)), "")

    def all(self, name: str, *, most: int = 20_000) -> tuple[str, ...]:
        """Every value of the field, such as of checkboxes, as `text` gives them."""
        found = tuple(clean(value).strip() for field, value in self._fields if field == name)
        if any(len(value) > most for value in found):
            raise HTTPException(
                422, f"An answer is longer than {most:,} characters. Shorten it, and send it again."
            )
        return found

    def has(self, name: str) -> bool:
        """Whether the field, or the button of that name, was sent at all."""
        return any(field == name for field, _ in self._fields)

    def upload(self, name: str) -> Upload | None:
        """The file of that field; None where none was chosen."""
        return next((file for field, file in self._uploads if field == name and file.name), None)


async def posted(request: Request, *, most: int = MOST) -> Form:
    """The form that was sent, of at most `most` bytes. Raises Forged, and HTTPException (400, 413)."""
    form = await read(request, most=most)
    token = getattr(request.state, "csrf", None)
    if not isinstance(token, FormToken) or not token.genuine(form.text(FIELD)):
        raise Forged("the form's token is missing, or another visitor's")
    return form


async def read(request: Request, *, most: int) -> Form:
    """What was sent, whoever sent it. Raises HTTPException (400, 413)."""
    body = await _body(request, most)
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    try:
        if kind == b"application/x-www-form-urlencoded":
            return await _form(await FormParser(Headers(), _once(body), max_fields=_MOST_FIELDS).parse())
        if kind == b"multipart/form-data" and b"boundary" in options:
            # The boundary alone: a charset of the sender's choice could be any of Python's codecs.
            header = Headers(
                raw=[(b"content-type", b'multipart/form-data; boundary="%b"' % options[b"boundary"])]
            )
            parser = MultiPartParser(
                header, _once(body), max_files=10, max_fields=_MOST_FIELDS, max_part_size=most
            )
            return await _form(await parser.parse())
    except (MultiPartException, FormParserError) as error:
        raise HTTPException(400, "The form could not be read. Go back, and send it again.") from error
    return Form(())


def clean(text: str) -> str:
    """Without what no form of ours can hold: control characters, and halves of characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.encode("utf-8", "replace").decode("utf-8")
    return "".join(one for one in whole if one in _KEPT or (one >= " " and one != "\x7f"))


async def _body(request: Request, most: int) -> bytes:
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise HTTPException(413, f"That is more than {most // 1000:,} kB. Send less, and try again.")
    return bytes(found)


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


async def _form(data: FormData) -> Form:
    fields: list[tuple[str, str]] = []
    uploads: list[tuple[str, Upload]] = []
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            uploads.append((name, Upload(clean(value.filename or "").strip()[:200], await value.read())))
            await value.close()
        else:
            fields.append((name, value))
    return Form(fields, uploads)
