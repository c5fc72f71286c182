"""`loti contracts`: the published language as files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from loti_contracts.documents import documents

app = typer.Typer(no_args_is_help=True, help="The published language: its schemas and documents.")

_FOLDER = Path(__file__).resolve().parents[1] / "contracts" / "schemas"


@app.command()
def generate(
    folder: Annotated[Path, typer.Option(help="Where the documents are kept.")] = _FOLDER,
) -> None:
    """Write the JSON Schemas and the AsyncAPI document anew from the models."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = documents()
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} documents in {folder}")


@app.command()
def check(folder: Annotated[Path, typer.Option(help="Where the documents are kept.")] = _FOLDER) -> None:
    """Fail when the documents are not what the models say; name those that differ."""
    wanted = documents()
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if stale:
        print(f"stale: {', '.join(stale)}; run `make contracts` and read the diff", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{len(wanted)} documents are what the models say")
