"""What happens: requests and facts, one module a feature."""
