"""The options that a source's entry gives a council vendor's adapter, checked before anything is asked."""

from collections.abc import Mapping, Sequence

from services.ingest.boards.adapter import Board

ANY: Sequence[str] = ()
"""Instead of a list of allowed values: any text."""


def checked(board: Board, kind: str, allowed: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The board's options as text.

    Args:
        board: as the list of sources gives it.
        kind: the kind's name, for the message.
        allowed: the options there are, and their values (`ANY` for free text).

    Raises:
        ValueError: an option is unknown or has a value that is not allowed; the text says what is.
    """
    known = ", ".join(map(_shown, sorted(allowed.items()))) or "none"
    given: dict[str, str] = {}
    for name, value in board.options.items():
        if name not in allowed:
            raise ValueError(f"option {name!r} is not known to {kind}; its options are: {known}")
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not text:
            raise ValueError(f"option {name!r} of {kind} must be text; its options are: {known}")
        if allowed[name] and text not in allowed[name]:
            raise ValueError(
                f"option {name!r} of {kind} is {text!r}; allowed is {' or '.join(allowed[name])}"
            )
        given[name] = text
    return given


def _shown(option: tuple[str, Sequence[str]]) -> str:
    name, values = option
    return f"{name} ({' or '.join(values)})" if values else name
