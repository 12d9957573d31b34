"""Steps that keep the model near the weights that a run began with."""
