"""`loti notify …`: mails and what came of them, newsletters, and whom mail may go to."""

import typer

from services.notify.letters import letters_commands
from services.notify.newsletter import newsletter_commands
from services.notify.people import people_commands
from services.notify.reports import reports_commands
from services.notify.sending import sending_commands

app = typer.Typer(
    name="notify",
    help="Email: what it looks like, what was sent to whom and why, newsletters, and whom mail may go to.",
    no_args_is_help=True,
)
for _part in (letters_commands, sending_commands):
    app.add_typer(_part.app)
app.command("bounces")(reports_commands.bounces)
app.add_typer(newsletter_commands.app)
people_commands.add_to(app)
