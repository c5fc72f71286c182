"""Rounds: many people and many supporters brought together at once, the best way that the rules allow.

people       who takes part: supplies, demands, conflicts
bars         what forbids a pair, and how it is said
scoring      the weighted parts of a score, each with its sentence
tables       a round in numbers (shared_words: what two have in common); candidates: the allowed pairs among them
assignment   the exact optimum of an assignment, and the proof of it
stages       most people, best total, fairness, draw: one after the other
evenly       equal treatment of boroughs, as part of an assignment
nearest      what would have matched somebody who was left out; why: the same in sentences
remedies     which constraint to relax for everybody, and how many it would help
fairness     the report; changes: what a new round changes in an earlier one
decide       all of it, from beginning to end
reading      people from CSV files, with every fault told; writing: results as JSON and back
"""
