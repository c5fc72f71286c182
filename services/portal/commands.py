"""`loti portal …`: who is signed in."""

import typer

from services.portal.signin import session_commands

app = typer.Typer(name="portal", help="The pages: who is signed in there.", no_args_is_help=True)
session_commands.add_to(app)
