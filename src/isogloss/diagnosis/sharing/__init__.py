"""Which parts of a model two languages share: gates, neurons, and how alike they are.

`hard_concrete` is the mathematics of the gates, `gates` puts them on a frozen model, `learning`
learns them for each language, `similarity` compares them, `sharing_map` tells the whole story.
"""
