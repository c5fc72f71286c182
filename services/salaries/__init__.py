"""Salaries: what each standard role is offered, live, exact, and with its reasons.

From an advert to an offer
  rules          what may be set, with what is usual
  observations   one advert's offer, or the reason why it does not count
  comparable     pay of every kind made full-time, by the year or by the day; hours, spine: what that needs
  cells          standard role × level × area, by the year or by the day

From offers to figures
  weights        how much an offer weighs by its age
  quantiles      percentiles of weighted amounts, exact to the penny
  steps          counted pay steps: the same percentiles without looking at the offers
  trend, confidence
  benchmark      a cell's whole benchmark, put together, or counted from nothing

What happens
  ledger         the cells of a batch as they change, offer by offer
  counting       the counted steps in the database
  judging        offers measured by their cells; signals: what is worth one, in words
  announce       a cell's new state, saved and said
  recount        everything from nothing, when the rules change
  handlers       what is done when a role is heard of

contributed/ is what boroughs say in confidence that they pay; pack/ the page for a borough; METHOD.md all rules in words.
"""
