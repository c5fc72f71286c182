"""A spreadsheet saved as CSV, as a borough without a feed would send it."""

import csv
import io

from deploy.local.boards.faces.shown import CSV, Asked, Content, Shown, day
from deploy.local.boards.feeds import link, vacancy_number


def spreadsheet(asked: Asked, shown: Shown) -> Content | None:
    """GET vacancies.csv: a heading line, a line for each advert, dates as dd/mm/yyyy."""
    if asked.path != "vacancies.csv":
        return None
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        (
            "Reference",
            "Title",
            "Employer",
            "Location",
            "Salary",
            "Posted",
            "Closing date",
            "Department",
            "Contract type",
            "Link",
            "Description",
        )
    )
    for advert in shown.adverts:
        writer.writerow(
            (
                vacancy_number(advert),
                advert.title,
                advert.employer,
                advert.location,
                advert.pay or "",
                day(advert.posted, "%d/%m/%Y") or "",
                day(advert.closes, "%d/%m/%Y") or "",
                advert.department or "",
                advert.employment_type or "",
                link(advert, shown.base),
                advert.description,
            )
        )
    return Content(out.getvalue(), CSV)
