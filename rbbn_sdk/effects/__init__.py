"""Sagas, one module a feature."""
