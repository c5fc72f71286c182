"""`loti kubernetes`: what is applied to a cluster, made of the tables of topics, grants and workloads."""

import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.access.grants import NotGranted, checked_name, topics_listed
from deploy.kubernetes import kafka_resources, manifests
from deploy.kubernetes.workloads import MAY_BE_MISSING, WORKLOADS

app = typer.Typer(no_args_is_help=True, help="The manifests of deploy/kubernetes.")


@app.command()
def generate(
    folder: Annotated[Path, typer.Option(help="Where they are kept.")] = manifests.MADE,
) -> None:
    """Write topics, users, policies and services anew from the tables."""
    wanted = manifests.files()
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.yaml"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} files in {folder}")


@app.command()
def check(folder: Annotated[Path, typer.Option(help="Where they are kept.")] = manifests.MADE) -> None:
    """Fail when the files are not what the tables say; name those that differ."""
    wanted = manifests.files()
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")}
    stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if stale:
        print(f"stale: {', '.join(stale)}; run `loti kubernetes generate` and read the diff", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{len(wanted)} files are what the tables say")


@app.command()
def subscriber(
    name: Annotated[str, typer.Argument(help="What the other system is called.")],
    topics: Annotated[str, typer.Option(help="Topics that it may read, comma-separated: roles,benchmarks.")],
) -> None:
    """Print a KafkaUser for another system: loti kubernetes subscriber NAME --topics roles | kubectl apply -f -

    Strimzi takes away whoever is let in beside it, so on Kubernetes it is this and not `loti contracts subscriber add`. Its
    password is in the Secret kafka-user-NAME.
    """
    try:
        wanted = topics_listed(topics)
        found = kafka_resources.subscriber_user(_free(name), wanted)
    except NotGranted as error:
        print(f"loti kubernetes subscriber: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    print(manifests.text_of([found], head=""), end="")


def _free(name: str) -> str:
    if name == kafka_resources.SCALER:
        raise NotGranted(f"{name!r} is who asks for the lag; choose another name")
    return checked_name(name)


@app.command(name="secrets")
def secrets_() -> None:
    """Print Secrets with passwords and keys drawn at random: loti kubernetes secrets | kubectl create -n talent-exchange -f -

    `create` and not `apply`: what is there already stays. The mail relay's name and password are added by hand.
    """
    print(manifests.text_of(_drawn(), head=""), end="")


def _drawn() -> list[dict[str, object]]:
    return [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": f"loti-{each.name}"},
            "type": "Opaque",
            "stringData": {
                key: secrets.token_hex(32)
                for key in ("database-password", *each.keys.values())
                if key not in MAY_BE_MISSING
            },
        }
        for each in WORKLOADS
    ]
