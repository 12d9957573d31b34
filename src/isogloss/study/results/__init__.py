"""From finished runs to tables: outcomes, verdicts, comparisons, notes, confounds."""
