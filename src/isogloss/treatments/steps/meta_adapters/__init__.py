"""Meta-learned adapters: options (`treatment`), equation (`hypergradients`), the step of a run."""
