"""`loti backup`: the database of each service, as it is at one moment."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from deploy import backups
from deploy.local.settings import SERVICES, NotHere, settings_of
from loti_contracts.delivery.settings import ServiceSettings

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where the files go: SERVICE.dump each.")],
    service: Annotated[str | None, typer.Option(help="One service alone.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="The data folder of a `loti up`; else LOTI_DATABASE says where.")
    ] = None,
) -> None:
    """Back up the database of each service of a `loti up`, or of one service, while it runs. They need not be of one moment:
    `loti restored SERVICE --from FILE` brings each back, and to what was said since."""
    if service is None and data is None:
        _refuse("name one --service, or the folder of a `loti up`: --data .loti")
    if service is not None and service not in SERVICES:
        _refuse(f"there is no service {service!r}; there are {', '.join(SERVICES)}")
    for name in SERVICES if service is None else (service,):
        file = folder / f"{name}.dump"
        try:
            asyncio.run(backups.backup(_database_of(name, data), file))
        except (backups.BackupFailed, NotHere, OSError) as error:
            _refuse(str(error), code=1)
        print(f"{file}: {file.stat().st_size:,} bytes")


def _database_of(name: str, data: Path | None) -> str:
    if data is not None:
        return settings_of(name, data)["LOTI_DATABASE"]
    return ServiceSettings().database.get_secret_value()


def _refuse(why: str, *, code: int = 2) -> NoReturn:
    print(f"loti backup: {why}", file=sys.stderr)
    raise typer.Exit(code)
