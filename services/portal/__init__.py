"""The portal: what people open in a browser. It reads the topics into tables of its own and nothing else, and writes by
events.

heard    what the topics said, kept in tables that pages read
saying   what people say on pages, said as events; and the audit log
signin   who a visitor is: links by email, sessions, forms that cannot be forged
web      the frame of every page, static files, what changes while one looks
jobs     the jobs board, a role, the map, feeds
pay      the pay explorer
help     asking for help, and helping
rounds   mentoring rounds, for LOTI's staff
library  the library, events, newsletters
own      what a person chose to hear of, and was told
staff    how the system does: sources, lag, dead letters, the events catalogue, the audit log
"""
