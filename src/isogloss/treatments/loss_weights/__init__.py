"""Weights of the languages' losses: one file each, from the equation to the entry in the table."""
