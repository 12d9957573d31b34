"""What a user writes: the spec, settings, rules, profiles, overrides; checked and frozen here."""
