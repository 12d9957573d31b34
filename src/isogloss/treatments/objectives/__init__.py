"""Treatments of the objective: which versions of an example a loss sees, and what it asks."""
