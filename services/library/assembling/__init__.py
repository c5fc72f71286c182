"""A draft exemplar, assembled from what several adverts have in common. Pure, and the same every time.

Nothing is written here: every line of a draft stands in one of the adverts, less the employer's name.
"""
