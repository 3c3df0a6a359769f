"""What is read from the state, one module a feature."""
