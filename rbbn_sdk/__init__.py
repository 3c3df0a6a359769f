"""rbbn_sdk."""
