"""What is read out of the state, one module a feature."""
