"""What a person says on the command line: whose pay, and of which day."""

from datetime import date

from loti_contracts.vocabulary import authorities

OLDEST_YEARS = 2
"""Older pay is not compared with today's."""


class NotUnderstood(ValueError):
    """The text says what was given and what is expected."""


def borough(said: str | None) -> str:
    """The GSS code of an authority, told by its code or its name. Raises NotUnderstood."""
    if said is None:
        raise NotUnderstood("say whose: --borough with a GSS code, such as --borough E09000012")
    for authority in authorities().values():
        if said.strip().casefold() in (authority.gss.casefold(), authority.name.casefold()):
            return authority.gss
    raise NotUnderstood(f"{said!r} is no London authority; a GSS code is expected, E09000001 to E09000033")


def day(as_of: str | None, year: int | None, today: date) -> date:
    """The day of a payroll; the first of the pay year, 1 April, where a year is told. Raises NotUnderstood."""
    if as_of is not None and year is not None:
        raise NotUnderstood("give --as-of or --year, not both")
    try:
        said = date.fromisoformat(as_of) if as_of else date(year, 4, 1) if year is not None else today
    except ValueError as error:
        example = f"YYYY-MM-DD is expected, such as {today.isoformat()}"
        raise NotUnderstood(f"{as_of or year} is no day; {example}") from error
    if said > today:
        raise NotUnderstood(f"{said.isoformat()} is in the future; the day of the payroll is expected")
    if said.year < today.year - OLDEST_YEARS:
        raise NotUnderstood(
            f"{said.isoformat()} is too long ago; pay of the last {OLDEST_YEARS} years is expected"
        )
    return said
