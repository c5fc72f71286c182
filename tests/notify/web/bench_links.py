"""What a signed link costs: `python -m tests.notify.web.bench_links`.

Beside it the stock serialiser of itsdangerous, which derives its key anew for every token. Both in one process, in turns,
so that the ratio holds on any machine.
"""

import time
from collections.abc import Callable

from itsdangerous import URLSafeTimedSerializer
from pydantic import SecretStr

from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks

_READERS = 100_000
_TURNS = 5


def _seconds(make: Callable[[str], object], readers: range) -> float:
    began = time.process_time()
    for reader in readers:
        make(f"6f1c3f8e-1111-4222-8333-{reader:012}")
    return time.process_time() - began


def main() -> None:
    """Print it."""
    links = SignedLinks(NotifySettings(link_keys=SecretStr("k" * 32), public_url="https://talent.example"))
    stock = URLSafeTimedSerializer("k" * 32, salt="unsubscribe")
    ours = theirs = 0.0
    for turn in range(_TURNS):
        readers = range(turn * _READERS // _TURNS, (turn + 1) * _READERS // _TURNS)
        ours += _seconds(links.unsubscribe, readers)
        theirs += _seconds(lambda reader: stock.dumps([reader]), readers)
    link = links.unsubscribe(f"6f1c3f8e-1111-4222-8333-{0:012}")
    print(f"{_READERS:,} links: {ours:.2f} s of CPU, {ours / _READERS * 1e6:.1f} µs each")  # noqa: T201
    print(f"the stock serialiser: {theirs:.2f} s, {theirs / ours:.1f} times as much")  # noqa: T201
    print(f"an unsubscribe link has {len(link)} characters")  # noqa: T201


if __name__ == "__main__":
    main()
