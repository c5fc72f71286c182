"""Rounds, for LOTI's staff: many requests and supporters brought together at once.

vocabulary   the kinds of help and where a round stands, in words
asking       a new round from what was typed; adjusting: a round again, with other rules
naming       who is meant: names in place of ids
shown        a result as its page shows it; share_chart: how the boroughs fared, drawn
saying       rounds said as events
store        what the pages read; routes, round_routes: the pages
"""
