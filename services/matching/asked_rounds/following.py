"""What may be stated of a round after what was said of it."""

from loti_contracts.events import Round, RoundResult


class CannotFollow(ValueError):
    """A statement that comes too late or points to nothing; the text says what is wrong and what to do."""


def check(round_: Round, known: Round | None, said: RoundResult | None) -> None:
    """Whether this may be stated now. Raises CannotFollow."""
    if known is None and round_.status != "asked":
        raise CannotFollow(
            f"round {round_.id} is {round_.status} before it was ever asked for; state it as asked first"
        )
    if known is None or said is None:
        return
    if known.status == "cancelled":
        raise CannotFollow(f"round {round_.id} was called off; state a new round")
    if said.status == "published" and round_.status != "cancelled":
        raise CannotFollow(
            f"round {round_.id} is published, and boroughs were told; call it off, or state a new round"
        )


def why_not_this_result(round_: Round, known: Round, said: RoundResult | None) -> str | None:
    """Why the result that is to be published is not what stands; None when it is."""
    if said is None or said.round_revision != known.revision:
        return "The round was changed after this result; run it again, and look at the result before it is published."
    if said.status != "proposed":
        return "The last result has no pairs to publish; run the round again."
    if round_.result_revision != said.revision:
        return f"Result {round_.result_revision} was to be published, but the newest is {said.revision}; look at it first."
    return None
