"""Run the sample boards: `python -m deploy.local.boards --port PORT [--host HOST] [--today YYYY-MM-DD]`.

With `--sources ADDRESS` instead of a port it prints the list of sources as they would be found there, as YAML: what
deploy/compose/sources.yaml holds; with `--face KIND` every board under that vendor's face.
"""

import argparse
import sys
from datetime import date

import uvicorn
import yaml

from deploy.local.boards.adverts import load
from deploy.local.boards.faces import FACES
from deploy.local.boards.listed import registered, sources
from deploy.local.boards.server import HOST, create_app


def main() -> None:
    """Serve until interrupted; prints nothing but errors, or the list that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.boards", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--port", type=int, help="port to listen on")
    what.add_argument("--sources", metavar="ADDRESS", help="print the list of sources under this address")
    parser.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--today", type=date.fromisoformat, help="the day the boards think it is (default: today)"
    )
    parser.add_argument("--face", choices=sorted(FACES), help="list every board under this vendor's face")
    options = parser.parse_args()
    if options.sources:
        boards, _ = load()
        found = {"sources": sources(boards, options.sources.rstrip("/"), registered(), face=options.face)}
        sys.stdout.write(yaml.safe_dump(found, allow_unicode=True, sort_keys=False))
        return
    uvicorn.run(
        create_app(options.today),
        host=options.host,
        port=options.port,
        log_level="error",
        access_log=False,
        ws="none",
    )


if __name__ == "__main__":
    main()
