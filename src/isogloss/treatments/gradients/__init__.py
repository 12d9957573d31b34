"""Gradient rules: one file each, from the equation to the entry in the table.

The equation of each is a pure function of the Gramian, which works without a training too:

    from isogloss.treatments.gradients.mgda import mgda

`least_distance` and `orders` hold what several of them share.
"""
