"""Treatments of the modules: which parameters are language-specific."""
