"""Sagas: what is done about actions, one module a feature."""
