"""Compose: what is told becomes a letter. Pure.

Each kind of mail makes a page of blocks, and one renderer for each form draws it. Everything that comes from outside goes
through `wording` before it is a block, and into each form only escaped.
"""

from datetime import datetime

from services.notify.letters.consents import confirmation, renewal
from services.notify.letters.digest import digest
from services.notify.letters.editions import newsletter
from services.notify.letters.introduction import introduction
from services.notify.letters.letter import Letter, Site
from services.notify.letters.render import render
from services.notify.links import Links
from services.notify.mails import Mail


def compose(mail: Mail, *, links: Links, site: Site, now: datetime) -> Letter:
    """The letter for a mail with at least one item.

    Raises NobodyToIntroduce, CannotBeTold, NothingAsked or NoEdition (all ValueErrors) for a mail whose items are not of
    its kind.
    """
    match mail.kind:
        case "introduction":
            return render(introduction(mail.items, links), site)
        case "confirmation":
            return render(confirmation(mail.items[0], site.name, links), site)
        case "renewal":
            return render(renewal(mail.items[0], links), site)
        case "newsletter":
            return newsletter(mail.items[0], links, site)
        case "digest":
            return render(digest(mail.items, links, now), site)
