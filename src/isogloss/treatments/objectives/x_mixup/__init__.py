"""X-Mixup: a target sentence whose states in one layer are mixed with its source's."""
