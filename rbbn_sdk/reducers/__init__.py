"""The slices of the state and how actions change them, one module a feature."""
