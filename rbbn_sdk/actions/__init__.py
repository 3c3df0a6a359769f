"""Immutable actions, one module a feature."""
