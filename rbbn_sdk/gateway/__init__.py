"""The embedded development gateway: a real server that speaks the real protocol (extra `gateway`)."""

from rbbn_sdk.gateway.accounts import DEMO_ACCOUNTS, Account, read_accounts
from rbbn_sdk.gateway.gateway import Gateway
from rbbn_sdk.gateway.recording import RecordedRequest
from rbbn_sdk.gateway.timing import Timing

__all__ = ["DEMO_ACCOUNTS", "Account", "Gateway", "RecordedRequest", "Timing", "read_accounts"]
