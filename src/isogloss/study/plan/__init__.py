"""From a spec to runs: a planner for each kind of study, the graph of runs, their cost."""
