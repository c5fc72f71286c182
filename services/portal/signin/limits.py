"""Limits: how often a link may be asked for. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

Verdict = Literal["send", "keep quiet", "refuse"]

FOR_ADDRESS: Final = timedelta(minutes=15)
"""Short, since anybody can type somebody else's address and use up what it may get."""

FOR_CLIENT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """So many within FOR_ADDRESS and FOR_CLIENT. A borough's whole staff may come from one network address, so a
    client's limit is generous."""

    an_address: int = 5
    a_client: int = 60


def verdict(by_address: int, by_client: int, limits: Limits) -> Verdict:
    """What to do with one more, after so many lately.

    What is said of a client is said whatever address it types. What is counted of an address is never said, since that
    would tell that somebody else asked too: it gets the same answer, and no mail.
    """
    if by_client >= limits.a_client:
        return "refuse"
    return "keep quiet" if by_address >= limits.an_address else "send"
