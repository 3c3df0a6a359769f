"""What public events are made of."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.types import MappingRecord


@frozen(kw_only=True, weakref_slot=False)
class Event(MappingRecord):
    """A public event: frozen and typed, and a mapping by its documented keys (`event["callId"]`)."""

    TYPE: ClassVar[str]
    """The documented name, such as `call:stateChange`."""
