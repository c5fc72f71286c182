"""`loti contracts`: the published language as files, and what a change of it means."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.contract_files import CONTRACTS, files, schemas
from deploy.contract_releases import NotReleased, version_now
from deploy.contract_releases import release as release_contract
from deploy.contract_sources import NotReadable, read_contract
from deploy.expectations import FOLDER, expectation_in
from loti_contracts.evolution import Change, NotASchema, breaking, compare_published
from loti_contracts.evolution.expectations import NotAnExpectation, unmet

app = typer.Typer(no_args_is_help=True, help="The published language: its schemas and documents.")


@app.command()
def generate(
    folder: Annotated[Path, typer.Option(help="Where they are kept.")] = CONTRACTS,
) -> None:
    """Write the JSON Schemas, the AsyncAPI document and the catalogue anew from the models."""
    wanted = files()
    for path in _made(folder):
        if str(path.relative_to(folder)) not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} documents in {folder}")


@app.command()
def check(folder: Annotated[Path, typer.Option(help="Where they are kept.")] = CONTRACTS) -> None:
    """Fail when the documents are not what the models say; name those that differ."""
    wanted = files()
    there = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in _made(folder)}
    stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if stale:
        print(f"stale: {', '.join(stale)}; run `make contracts` and read the diff", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{len(wanted)} documents are what the models say")


def _made(folder: Path) -> list[Path]:
    return [*(folder / "schemas").glob("*.json"), *(folder / "catalogue").glob("*.md")]


@app.command()
def compare(
    old: Annotated[
        str, typer.Argument(help="A JSON Schema, a folder of them, or a git revision (REV or REV:PATH).")
    ],
    new: Annotated[str, typer.Argument(help="The same, as it is to be.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Name every change as compatible or breaking, and why.

    Breaking: a reader of OLD could fail on data valid under NEW, or a reader of NEW on data valid under OLD. Readers
    ignore fields that they do not know. Ends with 0: compatible; 1: breaking; 2: an input cannot be read.
    """
    try:
        found = compare_published(read_contract(old), read_contract(new))
    except (NotReadable, NotASchema) as error:
        print(f"loti contracts compare: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    broken = sum(len(breaking(changes)) for changes in found.values())
    if as_json:
        listed = [{"event": name} | change.as_json() for name, changes in found.items() for change in changes]
        verdict = "breaking" if broken else "compatible"
        print(json.dumps({"verdict": verdict, "changes": listed}, indent=2, ensure_ascii=False))
    else:
        for name, changes in found.items():
            for change in changes:
                print(_line(name, change))
        total = sum(map(len, found.values()))
        print(
            f"{total} change{'s' * (total != 1)}, {broken} of them breaking" if total else "nothing changed"
        )
    raise typer.Exit(1 if broken else 0)


def _line(name: str, change: Change) -> str:
    place = " ".join(filter(None, (name, change.where)))
    whom = f"  breaks {' and '.join(change.breaks)}: {change.why}" if change.breaks else f"  {change.why}"
    return f"{change.verdict:11} {place or 'the whole'}: {change.what}\n            {whom.strip()}"


@app.command()
def expectations(
    files: Annotated[
        list[Path] | None, typer.Argument(help="YAML files; by default all of contracts/expectations.")
    ] = None,
    contract: Annotated[
        str | None,
        typer.Option(help="A folder or git revision to hold them against, not what the code says."),
    ] = None,
) -> None:
    """Say where the contract does not give a subscriber what it needs. Ends with 0: all is met; 1: not; 2: unreadable."""
    try:
        needed = [expectation_in(path) for path in files or sorted(FOLDER.glob("*.yaml"))]
        published = read_contract(contract).schemas if contract else schemas()
        missing = [line for one in needed for line in unmet(one, published)]
    except (NotAnExpectation, NotReadable, NotASchema, OSError) as error:
        print(f"loti contracts expectations: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    for line in missing:
        print(line)
    print(f"{len(needed)} system{'s' * (len(needed) != 1)}, {len(missing)} needs not met")
    raise typer.Exit(1 if missing else 0)


@app.command()
def release() -> None:
    """Keep the contract under its version in contracts/released, to compare with and to go on reading for ever."""
    try:
        folder = release_contract()
    except NotReleased as error:
        print(f"loti contracts release: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    print(f"{version_now()} is kept in {folder}; run `make contracts` and commit both")
