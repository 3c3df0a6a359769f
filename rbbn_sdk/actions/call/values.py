"""Values that the facts and the state of calls have in common."""

from enum import StrEnum
from typing import Final

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.types import MappingRecord

AUDIT_FAILED: Final = 9909
"""`Transition.status_code` of a call that the gateway does not know any more (`call-signalling` 9.3)."""


@frozen(kw_only=True, weakref_slot=False)
class RemoteParticipant(MappingRecord):
    """Who is at the other end, as far as the gateway told."""

    display_number: str | UnsetType = UNSET
    display_name: str | UnsetType = UNSET


NOBODY: Final = RemoteParticipant()


@frozen(kw_only=True, weakref_slot=False)
class MediaOffered(MappingRecord):
    """Which kinds of media the caller's offer has a section for."""

    audio: bool
    video: bool


@frozen(kw_only=True, weakref_slot=False)
class Bandwidth(MappingRecord):
    """What the other side may send at most, in kbit/s; None is no limit."""

    call: int | float | UnsetType = UNSET
    audio: int | float | None = None
    video: int | float | None = None


UNLIMITED: Final = Bandwidth()


@frozen(kw_only=True, weakref_slot=False)
class Transition(MappingRecord):
    """Why a call ended, in the gateway's words."""

    status_code: int | str | UnsetType = UNSET
    """A number if the gateway gave one, also as text."""
    reason_text: str | UnsetType = UNSET


class EndCause(StrEnum):
    """Why a call is over; it decides which events tell it."""

    LOCAL = "local"
    """The application asked for it."""
    REMOTE = "remote"
    """`callEnd`."""
    AUDIT = "audit"
    """The gateway does not know the session any more, said to an audit."""
    RESYNC = "resync"
    """The same, said to a resync that the application asked for, or after error 55."""
    RECONNECT = "reconnect"
    """The same, said to a resync after the websocket was opened again."""
    ANSWER_UNUSABLE = "answer_unusable"
    """The other side's answer cannot be applied (`call-media` 5.4)."""
