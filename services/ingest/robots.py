"""robots.txt: which addresses of a host its owner keeps to himself, and how long he asks us to pause.

The rules are those of RFC 9309: the groups that name our product token, taken together, else those for everyone; the
longest pattern that matches decides, Allow where two are equally long; `*` is any run of characters and a last `$` the
end. Where owners write what the standard does not know, they are read as they mean it: Crawl-delay (an extension of
old standing) is a rule like the others and so ends the naming of a group, `Disallow` may be misspelt, and a pattern
may lack its first slash.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import Self
from urllib.parse import urlsplit

LARGEST = 500 * 1024
"""Bytes of a robots.txt that are read; the rest is ignored (RFC 9309, 2.5)."""

_LINE = re.compile(
    r"(?:(?P<agent>user[- ]?agent)|(?P<disallow>diss?all?ow)|(?P<allow>allow)|(?P<delay>crawl[- ]?delay))"
    r"\s*(?::|\s)\s*(?P<value>.*)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_PLAIN = re.compile(r"[!&'()+,\-./0-9:;=@A-Z_a-z~]*")
_OCTET = re.compile(rb"%([0-9A-Fa-f]{2})|(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rule:
    """One Allow or Disallow line. `str()` shows it as written, with where it stands and whom it is for."""

    allow: bool
    written: str
    agent: str
    line: int
    parts: tuple[str, ...]
    to_the_end: bool

    def __str__(self) -> str:
        return f"{'Allow' if self.allow else 'Disallow'}: {self.written} (line {self.line}, for {self.agent})"

    @classmethod
    def of(cls, written: str, *, allow: bool, agent: str = "*", line: int = 0) -> Self:
        """A rule from its pattern as it stands in the file."""
        pattern = written.removesuffix("$")
        if pattern.startswith(("http://", "https://")):
            pattern = _target_of(pattern)
        if not pattern.startswith(("/", "*")):
            pattern = "/" + pattern
        parts = tuple(_normal(pattern, stars=True).split("*"))
        return cls(allow, written, agent, line, parts, written.endswith("$"))

    @property
    def weight(self) -> tuple[int, bool]:
        """What makes it outrank another that matches: more octets, then Allow."""
        return sum(map(len, self.parts)) + len(self.parts) - 1 + self.to_the_end, self.allow

    def matches(self, target: str) -> bool:
        """Whether it speaks of `target`, which is in normal form. Time is linear in its length for each part."""
        first, *others = self.parts
        if not target.startswith(first):
            return False
        if not others:
            return not self.to_the_end or len(target) == len(first)
        at, last = len(first), others.pop()
        for part in others:
            found = target.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        if self.to_the_end:
            return len(target) - len(last) >= at and target.endswith(last)
        return target.find(last, at) >= 0


@dataclass(frozen=True, slots=True)
class Robots:
    """What a robots.txt says to one agent. `rules` are strongest first; `crawl_delay` is in seconds, as asked for."""

    rules: tuple[Rule, ...] = ()
    crawl_delay: float | None = None

    def refusal(self, target: str) -> Rule | None:
        """The rule that forbids `target` (path and query, as sent), or None if it may be fetched."""
        normal = _normal(target.partition("#")[0] or "/", stars=False)
        if normal == "/robots.txt":
            return None
        decides = next((rule for rule in self.rules if rule.matches(normal)), None)
        return decides if decides and not decides.allow else None


def read_robots(body: bytes, user_agent: str) -> Robots:
    """What the file says to us. Whatever is no rule is passed over: a page that is no robots.txt forbids nothing.

    Args:
        body: as fetched; of more than LARGEST bytes the whole lines up to there are read.
        user_agent: as we send it; its first word up to `/` is our product token.
    """
    named = _TOKEN.match(user_agent)
    us = named[0].lower() if named else None
    ours, everyones = _Group(), _Group()
    current: list[_Group] = []
    naming = False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", _text(body)), start=1):
        found = _LINE.match(line.partition("#")[0].strip())
        if not found:
            continue
        value = found["value"].strip()
        if found["agent"]:
            if not naming:
                current, naming = [], True
            token = _TOKEN.match(value)
            group = everyones if value.startswith("*") else ours if token and token[0].lower() == us else None
            if group is not None:
                group.exists = True
                current.append(group)
            continue
        naming = False
        for group in current:
            agent = "*" if group is everyones else us or ""
            if found["delay"] is not None:
                group.slow_down(value)
            elif value:
                group.rules.append(Rule.of(value, allow=found["allow"] is not None, agent=agent, line=number))
    return (ours if ours.exists else everyones).settled()


class _Group:
    """All that the file says to one agent, wherever it says it."""

    def __init__(self) -> None:
        self.exists = False
        self.rules: list[Rule] = []
        self.delay: float | None = None

    def slow_down(self, value: str) -> None:
        """Of several delays the longest counts."""
        seconds = _SECONDS.match(value)
        if seconds:
            self.delay = max(self.delay or 0.0, float(seconds[0]))

    def settled(self) -> Robots:
        return Robots(tuple(sorted(self.rules, key=lambda rule: rule.weight, reverse=True)), self.delay)


def _text(body: bytes) -> str:
    if len(body) > LARGEST:
        body = body[:LARGEST]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    return body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def _target_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _normal(text: str, *, stars: bool) -> str:
    """One spelling for addresses that mean the same: what needs no escape has none, everything else has one in
    capitals. Escaped delimiters stay escaped, as does a `/` in the path. With `stars`, `*` is a wildcard and stays."""
    if _PLAIN.fullmatch(text):
        return text
    path, mark, query = text.encode("utf-8", "surrogateescape").partition(b"?")
    spell = partial(_spelt, star=b"*" if stars else b"%2A")
    normal = _OCTET.sub(partial(spell, kept=b"%*$#?/"), path) + mark
    return (normal + _OCTET.sub(partial(spell, kept=b"%*$#"), query)).decode("ascii")


def _spelt(octet: re.Match[bytes], *, star: bytes, kept: bytes) -> bytes:
    escaped, raw = octet.groups()
    if escaped is None and raw == b"*":
        return star
    value: bytes = bytes([int(escaped, 16)]) if escaped is not None else raw
    needs = value in b"%*$#" if escaped is None else value in kept
    return b"%%%02X" % value[0] if needs or not 0x21 <= value[0] <= 0x7E else value
