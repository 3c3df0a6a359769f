"""What the engine raises in sagas."""

from rbbn_sdk.errors import InvalidState, RbbnError


class SagaCancelled(BaseException):
    """Raised at the innermost effect of a saga that is cancelled. Clean up and let it pass."""


class NotAnEffect(BaseException):
    """A saga awaited something that is no effect. The saga ends, whatever it does about it."""


class ChannelOverflow(RbbnError):
    """A channel with `overflow="fail"` could not keep an action."""


class ChannelClosed(InvalidState):
    """The channel ended with the saga that made it."""


class PortMissing(RbbnError):
    """The runner has no adapter for the port of an `fx.call`."""


class PortCancelled(RbbnError):
    """A port's method was cancelled, but not by the engine."""
