"""The embedded development gateway: a real server that speaks the real protocol (extra `gateway`)."""

try:
    from rbbn_sdk.gateway.accounts import DEMO_ACCOUNTS, Account, read_accounts
    from rbbn_sdk.gateway.gateway import Gateway
    from rbbn_sdk.gateway.recording import RecordedRequest
    from rbbn_sdk.gateway.timing import Timing
except ModuleNotFoundError as missing:
    if (missing.name or "").startswith("rbbn_sdk"):
        raise
    msg = f"the gateway needs {missing.name}, which is not installed: pip install 'rbbn-sdk[gateway]'"
    raise ModuleNotFoundError(msg, name=missing.name) from missing

__all__ = ["DEMO_ACCOUNTS", "Account", "Gateway", "RecordedRequest", "Timing", "read_accounts"]
