"""Matching: who can help with which request, and why.

availability  on which of the wanted days a supporter is there
eligibility   what forbids a pair, whatever its score
fit           the weighted parts of a score, each with its sentence
shortlist     the best few, and the reason for everyone who is not among them
matches       what becomes of a request: proposed, proposed anew, withdrawn
answers       what a borough answers, and what becomes of the match then
benchmarks    which benchmark goes with a request
reading       requests and supporters from files, for the commands
handlers      the same, on events and tables
"""
