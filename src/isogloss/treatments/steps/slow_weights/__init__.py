"""Slow weights behind a step: what Lookahead, Reptile, Fish and Sequential Reptile share."""
