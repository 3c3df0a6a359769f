"""`Rest` over HTTP."""

from rbbn_sdk.io.rest.client import HttpxRest

__all__ = ["HttpxRest"]
