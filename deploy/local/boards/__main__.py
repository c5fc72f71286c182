"""Run the sample boards: `python -m deploy.local.boards --port PORT [--host HOST] [--today YYYY-MM-DD]`."""

import argparse
from datetime import date

import uvicorn

from deploy.local.boards.server import HOST, create_app


def main() -> None:
    """Serve until interrupted; prints nothing but errors."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.boards", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port to listen on")
    parser.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--today", type=date.fromisoformat, help="the day the boards think it is (default: today)"
    )
    options = parser.parse_args()
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
