"""Treatments of the sampler: which language is in the next batch."""
