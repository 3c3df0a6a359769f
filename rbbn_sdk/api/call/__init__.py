"""`client.call`: calls."""

from rbbn_sdk.api.call.namespace import CallApi

__all__ = ["CallApi"]
