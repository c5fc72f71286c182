"""`loti observability`: what Prometheus and Grafana are given."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.local.settings import NotHere, health_addresses
from deploy.observability import files
from deploy.observability.scraping import configuration

app = typer.Typer(no_args_is_help=True, help="What Prometheus and Grafana are given.")


@app.command()
def prometheus(
    data: Annotated[Path, typer.Option(help="The data folder of a `loti up`.")] = Path(".loti"),
) -> None:
    """Print a configuration of Prometheus that watches a `loti up`, with the alert rules."""
    try:
        targets = health_addresses(data)
    except NotHere as error:
        typer.echo(f"loti observability: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(files.as_yaml(configuration(targets, rules=str(files.ALERTS))), nl=False)


@app.command()
def write(
    folder: Annotated[Path, typer.Option(help="Where they are kept.")] = files.FOLDER,
) -> None:
    """Make the dashboard and Prometheus' configurations anew."""
    made = files.files()
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    typer.echo(f"{len(made)} files in {folder}")
