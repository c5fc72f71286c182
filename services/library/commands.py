"""`loti library …`: what a person does by hand, for scripts too."""

import typer

from services.library.change_commands import publish, retire, return_
from services.library.offer_commands import add, import_structure, template
from services.library.show_commands import show, show_drafts, show_gaps, show_items, show_search

app = typer.Typer(
    no_args_is_help=True, help="What boroughs learn from each other, and what waits for a review."
)
app.command("list")(show_items)
app.command("show")(show)
app.command("search")(show_search)
app.command("gaps")(show_gaps)
app.command("drafts")(show_drafts)
app.command("add")(add)
app.command("import-structure")(import_structure)
app.command("template")(template)
app.command("publish")(publish)
app.command("return")(return_)
app.command("retire")(retire)
