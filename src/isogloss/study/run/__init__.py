"""One run from its specification to its result: pretraining, fine-tuning, scores."""
