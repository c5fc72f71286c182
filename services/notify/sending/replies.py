"""Replies: what a relay says, taken out of the bytes as they come (RFC 5321, 4.2). Pure."""

import re
from dataclasses import dataclass

_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])(.*))?")
_ONE_LINE = re.compile(rb"([2-5]\d\d)(?: ([^\r\n]{0,2000}))?\r?\n")  # nearly all of them
_LONGEST_LINE = 2_048
_LONGEST_REPLY = 32_768
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\S)")


class Nonsense(ValueError):
    """What came is no answer to what was said; from here on nobody knows which answer belongs to which question."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `text` is UTF-8 as far as it is, its lines joined by spaces."""

    code: int
    text: str

    @property
    def enhanced(self) -> tuple[int, int, int] | None:
        """The status code of RFC 3463 that the text begins with, if its class is that of the code."""
        found = _ENHANCED.match(self.text)
        if found is None or int(found[1]) != self.code // 100:
            return None
        return int(found[1]), int(found[2]), int(found[3])

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip()


class Replies:
    """Bytes in, replies out, in any pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """More came."""
        self._rest += data

    @property
    def more(self) -> bool:
        """Whether something came that was not taken out yet."""
        return bool(self._rest)

    def next(self) -> Reply | None:
        """The next whole reply; None until it is there. Raises Nonsense for what is none, and for one without end."""
        if not self._rest:
            return None
        if (whole := _ONE_LINE.match(self._rest)) is not None:
            self._rest = self._rest[whole.end() :]
            return Reply(int(whole[1]), (whole[2] or b"").strip().decode("utf-8", "replace"))
        at, code, texts = 0, b"", []
        while (end := self._rest.find(b"\n", at)) >= 0:
            line = self._rest[at:end].rstrip(b"\r")
            found = _LINE.fullmatch(line)
            if found is None or len(line) > _LONGEST_LINE or (code and found[1] != code):
                raise Nonsense(f"the relay said {line[:80].decode(errors='replace')!r}")
            code, at = found[1], end + 1
            texts.append((found[3] or b"").strip())
            if found[2] != b"-":
                self._rest = self._rest[at:]
                return Reply(int(code), b" ".join(texts).decode("utf-8", "replace"))
        if len(self._rest) > _LONGEST_REPLY or len(self._rest) - at > _LONGEST_LINE:
            raise Nonsense(f"the relay said {len(self._rest)} bytes and has not come to an end")
        return None
