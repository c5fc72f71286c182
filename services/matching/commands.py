"""`loti matching …`: what a person does by hand, for scripts too."""

import typer

from services.matching.demand import commands as demand
from services.matching.round_commands import show_round, show_template
from services.matching.shortlist_commands import show_shortlist
from services.matching.show_commands import show_metrics, show_requests

app = typer.Typer(no_args_is_help=True, help="Who can help with which request, and why.")
app.command("requests")(show_requests)
app.command("shortlist")(show_shortlist)
app.command("metrics")(show_metrics)
app.command("round")(show_round)
app.command("template")(show_template)
app.add_typer(demand.app, name="demand")
