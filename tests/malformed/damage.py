"""Damage: a sound input with something wrong in it. Pure; `chance` decides everything."""

import json
from random import Random
from typing import Any, Final

SCRAPS: Final = (
    b"\x00", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\r\n", b"\n\n", b"\x1b[2J", b"\xe2\x80\xae", b"'", b'"', b"<script>", b"&#0;", b"<!--",
    b"]]>", b"{", b"}", b"[" * 40, b",,,", b";", b"NaN", b"1e999", b"-1", b"99999999999999999999999", b"\\u0000", b"\\ud800",
    b"=cmd|' /C calc'!A0", b"../../etc/passwd", b"%00", b"%2e%2e%2f", b"{{7*7}}", b"${jndi:x}", b"\xf0\x9f\x92\xa9" * 50, b"A" * 5_000,
)  # fmt: skip
_ODD: Final = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**63 - 1, 10**30, 1.5, 1e308, "", " ", "\x00", "a\x00b", "\ud800", "\u202e", "x" * 201, "x" * 70_000,
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30", "2026-11-22", "2026-11-22T10:00:00", "E09000012", "E09999999", "not a code",
    "javascript:alert(1)", "http://169.254.169.254/latest", "a\r\nBcc: all@example.org", "=1+1", "'; DROP TABLE roles; --", [], {}, [None],
    [[[[[[]]]]]], {"id": 1}, {"": ""}, "null", "NaN",
)  # fmt: skip


def damaged_bytes(sound: bytes, chance: Random) -> bytes:
    """One to three times: cut off, cut out, doubled, overwritten or filled with scraps."""
    body = sound
    for _ in range(chance.choice((1, 1, 2, 3))):
        start = chance.randrange(len(body) + 1)
        end = min(len(body), start + chance.choice((1, 3, 20, 300)))
        scrap = chance.choice(SCRAPS)
        match chance.randrange(6):
            case 0:
                body = body[:start]
            case 1:
                body = body[:start] + body[end:]
            case 2:
                body = body[:end] + body[start:]
            case 3:
                body = body[:start] + scrap + body[end:]
            case 4:
                body = body[:start] + scrap + body[start:]
            case _:
                body = body[:start] + bytes(chance.randrange(256) for _ in range(end - start)) + body[end:]
    return body


def damaged_value(sound: Any, chance: Random) -> Any:
    """The same JSON value with one to three odd things in it: fields of the wrong type or size, left out or doubled."""
    value = json.loads(json.dumps(sound))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        value = _with_one_odd(value, chance)
    return value


def as_json(value: Any) -> bytes:
    """Bytes of it; lone surrogates stay escaped."""
    return json.dumps(value).encode()


def _with_one_odd(value: Any, chance: Random) -> Any:
    """Somewhere inside: deeper with every step, by chance."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        if chance.random() < 0.08:
            return {key: one for key, one in value.items() if key != name}
        if chance.random() < 0.03:
            return {**value, chance.choice(("", "__proto__", "id ", name.upper())): value[name]}
        return {**value, name: _with_one_odd(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        if chance.random() < 0.1:
            return value * 30
        return [*value[:place], _with_one_odd(value[place], chance), *value[place + 1 :]]
    return _odd(value, chance)


def _odd(value: Any, chance: Random) -> Any:
    """In the place of a leaf; now and then of the same sort, so that it gets past the first check."""
    if isinstance(value, str) and chance.random() < 0.6:
        strange = [one for one in _ODD if isinstance(one, str)]
        return chance.choice([*strange, value + "\x00", value[:-1], value * 3, value + " ", value.upper()])
    if isinstance(value, int) and chance.random() < 0.6:
        return chance.choice((0, -value, value + 1, value * 10**9, 2**31, 2**63, 10**30))
    return chance.choice(_ODD)
