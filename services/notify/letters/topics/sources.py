"""Sources: boards that cannot be read. Pure."""

from loti_contracts.events import SourceState
from services.notify.letters import in_words
from services.notify.letters.blocks import Facts, Lines, paragraph, text
from services.notify.letters.topics.told import Told, lines, quiet
from services.notify.letters.wording import one_line


def source_failing(source: SourceState) -> Told:
    """Which board, what is wrong, since when, and what that means."""
    name = one_line(source.name, 80)
    why = one_line(source.why, 400)
    good = (
        f"{in_words.weekday(source.last_good_at)}, {in_words.clock(source.last_good_at)}"
        if source.last_good_at
        else "never"
    )
    whose = in_words.boroughs(source.authorities, most=8)
    title = f"{name}'s jobs board cannot be read"
    return Told(
        title=title,
        url=None,
        subject=title,
        preview=why,
        whole=lambda: (
            paragraph(f"{why[:1].upper()}{why[1:]}.".replace("..", "."), "lead"),
            Facts(
                tuple(
                    (what, text(said))
                    for what, said in (
                        ("Board", one_line(source.id, 60)),
                        ("Boroughs", whose or ""),
                        ("Kind", one_line(source.kind, 40)),
                        ("Read last", good),
                        ("Failed", f"{in_words.counted(source.failures, 'time')} in a row"),
                    )
                    if said
                )
            ),
            paragraph(
                "Its roles stay as they are until it can be read again: nothing is closed because a board is silent. "
                "You hear no more of it unless it recovers and fails anew."
            ),
        ),
        entry=lambda: (Lines(lines(text(why), quiet(f"read last: {good}", whose))),),
        line=quiet(why),
    )
