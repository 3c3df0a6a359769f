"""Slices of the state, one module a feature."""
