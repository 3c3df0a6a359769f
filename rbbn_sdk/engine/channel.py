"""Channels: queues of actions for a saga that takes them one at a time."""

from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.effects import Buffer, LogLine
from rbbn_sdk.engine.errors import ChannelClosed, ChannelOverflow
from rbbn_sdk.engine.request import Request
from rbbn_sdk.engine.takers import Pattern, Taker
from rbbn_sdk.engine.task import PENDING, Holder, Pending

if TYPE_CHECKING:
    from rbbn_sdk.engine.runner import Runner

_T_co = TypeVar("_T_co", covariant=True)


class Waiting(Pending):
    """A `take_from` of an empty channel."""

    __slots__ = ("_channel", "holder")

    def __init__(self, channel: "Channel[Any]", holder: Holder) -> None:
        self._channel = channel
        self.holder = holder

    def cancel(self) -> bool:
        """Take nothing."""
        self._channel.waiting.remove(self)
        return True


class Channel(Taker, Generic[_T_co]):
    """Made by `fx.channel`; ends with the task that made it."""

    __slots__ = ("_buffer", "_kept", "_overflown", "_runner", "closed", "waiting")

    def __init__(self, runner: "Runner", pattern: Pattern, buffer: Buffer) -> None:
        super().__init__(pattern)
        self._runner = runner
        self._buffer = buffer
        self._kept: deque[Action] = deque()
        self._overflown = 0
        self.closed = False
        self.waiting: deque[Waiting] = deque()

    def __len__(self) -> int:
        return len(self._kept)

    def accept(self, action: Action) -> None:
        """Hand the action to who waits longest, else keep it."""
        if isinstance(action, Request):
            self._runner.own(self, action)
        if self.waiting:
            self.waiting.popleft().holder.succeed(action)
            self._handed_over(action)
            self._runner.tree.run_ready()
        elif len(self._kept) < self._buffer.size and not self._overflown:
            self._kept.append(action)
        else:
            self._overflow(action)

    def take(self, holder: Holder) -> Any:
        """For the runner: the next action, or `PENDING`."""
        if self._kept:
            action = self._kept.popleft()
            self._handed_over(action)
            return action
        if self._overflown:
            raise ChannelOverflow(f"the channel lost {self._overflown} actions: it keeps {self._buffer.size}")
        if self.closed:
            raise ChannelClosed("the channel has ended with the saga that made it")
        waiting = Waiting(self, holder)
        holder.pending = waiting
        self.waiting.append(waiting)
        return PENDING

    def close(self) -> None:
        """Take in no more; requests that are still kept fail."""
        self._runner.forget_taker(self)
        self.closed = True
        kept, self._kept = self._kept, deque()
        for action in kept:
            self._handed_over(action)
        waiting, self.waiting = self.waiting, deque()
        for one in waiting:
            one.holder.fail(ChannelClosed("the channel has ended with the saga that made it"))

    def _overflow(self, action: Action) -> None:
        overflow = self._buffer.overflow
        if overflow == "fail":
            self._overflown += 1
        elif overflow == "drop_oldest":
            self._kept.append(action)
            action = self._kept.popleft()
        self._handed_over(action)
        text = f"a channel that keeps {self._buffer.size} actions is full: {type(action).TYPE} was dropped ({overflow})"
        self._runner.write(LogLine("warn", "ENGINE", text))

    def _handed_over(self, action: Action) -> None:
        if isinstance(action, Request):
            self._runner.disown_later(self, action)
