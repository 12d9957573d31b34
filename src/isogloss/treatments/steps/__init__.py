"""Treatments of the step: how a direction moves the weights."""
