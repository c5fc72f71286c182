"""Pay: benchmarks that moved, and offers below their market. Pure."""

from datetime import date

from loti_contracts.events import PaySignal, Role
from services.notify.letters import in_words
from services.notify.letters.blocks import Block, Button, Facts, Lines, Text, paragraph, text
from services.notify.letters.topics.roles import title_of
from services.notify.letters.topics.told import Told, lines, quiet
from services.notify.letters.wording import first_web, one_line


def benchmark_moved(signal: PaySignal) -> Told:
    """What London pays for a role rose or fell."""
    what = in_words.cell(signal.standard_role, signal.level, signal.area)
    sentence = one_line(signal.sentence, 400)
    rose = signal.after > signal.before
    by = f"{abs(signal.after - signal.before) * 100 / signal.before:.1f}%" if signal.before else ""
    title = f"Pay {'up' if rose else 'down'}{f' {by}' if by else ''}: {what}"
    before, after = in_words.money(signal.before), in_words.money(signal.after)
    change = in_words.money(abs(signal.after - signal.before))
    per = in_words.period(signal.period)
    return Told(
        title=title,
        url=None,
        subject=title,
        preview=f"From {before} to {after} {per}.",
        whole=lambda: (
            paragraph(f"{before} → {after}", "big"),
            paragraph(f"{per}, in the middle of what is offered", "note"),
            Facts(
                (
                    ("Change", text(f"{change} {'more' if rose else 'less'}{f' ({by})' if by else ''}")),
                    ("Role", text(what)),
                    ("Counted", text(in_words.counted(signal.adverts, "advert"))),
                )
            ),
            paragraph(sentence),
            paragraph("Half of the adverts offer more than the middle, half of them less.", "note"),
        ),
        entry=lambda: (
            Lines(
                lines((Text(f"{before} → {after}", strong=True), Text(f" {per}", quiet=True)), text(sentence))
            ),
        ),
        line=quiet(f"{before} → {after} {per}"),
    )


def below_market(signal: PaySignal, role: Role | None, today: date) -> Told:
    """A borough's own offer is below what others offer; with the role, where it is known."""
    what = in_words.cell(signal.standard_role, signal.level, signal.area)
    sentence = one_line(signal.sentence, 400)
    compared, market = in_words.money(signal.after), in_words.money(signal.before)
    gap = in_words.money(max(signal.before - signal.after, 0))
    per = in_words.period(signal.period)
    name = title_of(role) if role else what
    url = first_web(*role.links) if role else None
    printed = in_words.pay(role.pay) if role else None
    closes = in_words.closing(role.closes_on, today) if role and role.closes_on else None
    others = in_words.counted(signal.adverts, "other offer")
    rows = (
        ("Your offer", printed or f"{compared} {per}"),
        ("Compared", f"{compared} {per}" if printed else ""),
        ("Others", f"three in four of {others} reach {market} {per}"),
        ("Measured by", what),
        ("Closes", closes or ""),
    )
    employer = one_line(role.employer, 80) if role and role.employer else "Your own offer"
    advert: list[Block] = [Button("Read the advert", url)] if url else []
    return Told(
        title=name,
        url=url,
        subject=f"Below the market: {one_line(name, 70)}",
        preview=f"{gap} {per} below what three in four of {others} reach.",
        whole=lambda: (
            paragraph(f"{employer}: an offer below the market", "lead"),
            paragraph(f"{gap} {per} short", "big"),
            paragraph(f"of what three in four of {others} for the same work reach", "note"),
            Facts(tuple((name, text(said)) for name, said in rows if said)),
            paragraph(sentence),
            *advert,
        ),
        entry=lambda: (
            Lines(
                lines(
                    (Text(f"{gap} {per} below the market", strong=True),),
                    text(sentence),
                    quiet(f"Closes {closes}" if closes else None),
                )
            ),
        ),
        line=quiet(f"{gap} {per} below the market"),
    )
