"""What the gateway says about calls."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.call.base import CallFact
from rbbn_sdk.types import JsonText


@frozen(kw_only=True, weakref_slot=False)
class CallNoticed(CallFact):
    """A notification belongs to this call; it is handled when all before it have been."""

    TYPE: ClassVar[str] = "call/NOTICED"

    event_type: str
    payload: JsonText
    """As in `NotificationReceived`."""
