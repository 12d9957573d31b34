"""Which languages belong together: affinities, groups, and how well they agree.

`affinities` measures a finished model, `clustering` makes groups of any affinity and says whether
groups at random would do as well.
"""
