"""`loti matching round` and `template`: many people and supporters from files, brought together at once."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from services.matching.rounds.templates import NOTES, TEMPLATES, Which


def show_round(
    supply: Annotated[Path, typer.Option(metavar="FILE.csv", help="Who offers places; - reads stdin.")],
    demand: Annotated[Path, typer.Option(metavar="FILE.csv", help="Who wants a place; - reads stdin.")],
    conflicts: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Pairs that must not be; - reads stdin.")
    ] = None,
    allowed: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Pairs that may be whatever forbids them.")
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            metavar="RESULT.json", help="An earlier result, of which as many pairs as can be are kept."
        ),
    ] = None,
    withdrawn: Annotated[str, typer.Option(metavar="ID,…", help="Ids that take no part any more.")] = "",
    related_only: Annotated[
        bool, typer.Option("--related-only", help="Pair nobody who shares no role, family or skill.")
    ] = False,
    also: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="An organisation whose name is near a borough's; may be repeated."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws between equals.")] = 0,
    why_not: Annotated[
        str, typer.Option("--why-not", metavar="DEMAND[,SUPPLY]", help="Say only why these are not a pair.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Bring people and supporters together, all at once, from CSV files alone.

    The most people are matched, then the total score is the best, then the worst-off pair and the boroughs are
    treated as fairly as can be; equals are drawn by the seed. `loti matching template` prints the files' columns.
    """
    # The solver's libraries are loaded only here: the other commands start faster, and run without them.
    from services.matching.round_run import Options, Refused, run

    options = Options(
        supply=supply,
        demand=demand,
        conflicts=conflicts,
        allowed=allowed,
        previous=previous,
        withdrawn=withdrawn,
        related_only=related_only,
        also=tuple(also or ()),
        seed=seed,
    )
    try:
        run(options, why_not=why_not, as_json=as_json)
    except Refused as error:
        _stop(str(error))


def show_template(
    which: Annotated[
        str | None, typer.Argument(metavar="[supply|demand|conflicts]", help="Which file; all without it.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH", help="Write it there: a file for one template, a folder for all of them."
        ),
    ] = None,
) -> None:
    """Print the files of a round, each with an example row."""
    chosen: list[Which] = [one for one in TEMPLATES if which in (None, one)]
    if not chosen:
        _stop(f"there is no template {which!r}; there are {', '.join(TEMPLATES)}", command="template")
    for one in chosen:
        if out is None:
            if which is None:
                print(f"{one}.csv\n\n{TEMPLATES[one]}\n{NOTES[one]}\n")
            else:
                print(TEMPLATES[one], end="")
                print(NOTES[one], file=sys.stderr)
            continue
        path = out if which is not None and not out.is_dir() else out / f"{one}.csv"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="") as file:
                file.write(TEMPLATES[one])
        except FileExistsError:
            _stop(f"{path} is there already; remove it or name another", command="template")
        except OSError as error:
            _stop(f"{path} cannot be written: {error.strerror}", command="template")
        print(f"wrote {path}")


def _stop(why: str, *, command: str = "round") -> NoReturn:
    print(f"loti matching {command}: {why}", file=sys.stderr)
    raise typer.Exit(code=1)
