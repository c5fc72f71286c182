"""Demand: what boroughs look for together, what nobody has looked for before, what is hard to recruit.

windows       which adverts and requests count now, and for how many boroughs they speak
steps         what the boroughs could do together
shared        whether a standard role is looked for by several boroughs, and what is then said
hard          whether an open role is hard to recruit
words, titles what kind of work a title names (words.toml: the lists that LOTI may edit)
novelty       whether that kind was seen before
near          which known titles look nearest; it decides nothing
novel         what is said of a novel role
telling       all of it in words
heard_titles  the index of titles heard, in the order in which their roles were found
handlers      the same, on events and tables; clock: on time passing
"""
