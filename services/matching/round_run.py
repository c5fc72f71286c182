"""A round decided from files: what `loti matching round` does, once its options are read."""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from services.matching.round_report import print_result
from services.matching.rounds.boroughs import NotABorough, organisations
from services.matching.rounds.candidates import TooManyPairs
from services.matching.rounds.decide import decide_round
from services.matching.rounds.explain import Explained
from services.matching.rounds.people import Demand, Round, Supply
from services.matching.rounds.reading import File, People, read_people
from services.matching.rounds.result import Result
from services.matching.rounds.sheet import BadSheets
from services.matching.rounds.writing import BadResult, as_document, read_pairs


class Refused(Exception):
    """Files or options that cannot be used; the text says what, where, and what is expected."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a round is decided from."""

    supply: Path
    demand: Path
    conflicts: Path | None
    allowed: Path | None
    previous: Path | None
    withdrawn: str
    related_only: bool
    also: tuple[str, ...]
    seed: int


def run(options: Options, *, why_not: str, as_json: bool) -> None:
    """Read the files, decide and print. Raises Refused."""
    files = (options.supply, options.demand, options.conflicts, options.allowed, options.previous)
    if sum(str(path) == "-" for path in files if path) > 1:
        raise Refused("only one file can be read from stdin; give the others by name")
    try:
        round_, remarks = _read(options)
        for remark in remarks:
            typer.echo(f"loti matching round: {remark}", err=True)
        result = decide_round(round_, seed=options.seed)
    except BadSheets as error:
        raise Refused(f"nothing was matched, the files have faults:\n{error}") from error
    except (BadResult, NotABorough, TooManyPairs) as error:
        raise Refused(str(error)) from error
    if why_not:
        _print_why_not(round_, result, why_not, as_json=as_json)
    elif as_json:
        typer.echo(json.dumps(as_document(result), ensure_ascii=False))
    else:
        print_result(result)


def _read(options: Options) -> tuple[Round, tuple[str, ...]]:
    people = read_people(
        _file(options.supply),
        _file(options.demand),
        _file(options.conflicts) if options.conflicts else None,
        _file(options.allowed) if options.allowed else None,
        others=organisations(options.also),
    )
    before: frozenset[tuple[str, str]] = frozenset()
    if options.previous:
        before = read_pairs(_text(_file(options.previous)), name=str(options.previous))
    return _round(people, before, options.withdrawn, options.related_only), people.remarks


def _round(people: People, before: frozenset[tuple[str, str]], withdrawn: str, related_only: bool) -> Round:
    """Those who take part; an id that is no one's is refused, or nobody would notice that it was misspelt."""
    gone = {one.strip() for one in withdrawn.replace(";", ",").split(",") if one.strip()}
    everyone: tuple[Supply | Demand, ...] = (*people.supplies, *people.demands)
    known = {one.id for one in everyone} | {one for pair in before for one in pair}
    unknown = sorted(gone - known)
    if unknown:
        raise BadResult(f"--withdrawn: {', '.join(unknown)}: expected ids of the supply or the demand file")
    return Round(
        supplies=tuple(one for one in people.supplies if one.id not in gone),
        demands=tuple(
            replace(one, prefers=tuple(it for it in one.prefers if it not in gone))
            for one in people.demands
            if one.id not in gone
        ),
        conflicts=people.conflicts,
        related_only=related_only,
        excepted=frozenset((one.demand_id, one.supply_id) for one in people.allowed),
        kept_if_possible=before,
    )


def _print_why_not(round_: Round, result: Result, which: str, *, as_json: bool) -> None:
    wanted, _, other = which.partition(",")
    demands = [one for one in round_.demands if one.id == wanted.strip()]
    supplies = [one for one in round_.supplies if other.strip() in ("", one.id)]
    if not demands or not supplies:
        raise Refused(
            f"--why-not {which}: expected an id of the demand file, and after a comma one of the supply file"
        )
    answers = Explained(round_, result)
    for demand in demands:
        for supply in sorted(supplies, key=lambda one: one.id):
            why = answers.why_not(demand, supply)
            row = {"demand": demand.id, "supply": supply.id, "why": why}
            typer.echo(json.dumps(row, ensure_ascii=False) if as_json else f"{supply.id}  {why}")


def _file(path: Path) -> File:
    if str(path) == "-":
        return File("stdin", sys.stdin.buffer.read())
    try:
        return File(str(path), path.read_bytes())
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}; check the path") from error


def _text(file: File) -> str:
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadResult(f"{file.name}, byte {error.start}: is not UTF-8; save it as UTF-8") from error
