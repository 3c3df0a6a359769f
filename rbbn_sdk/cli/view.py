"""What the commands print while a call goes on: a live view on a terminal, plain lines elsewhere."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from attrs import frozen
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from rbbn_sdk.client import Client

_ROWS = 14


@frozen(kw_only=True)
class Line:
    """One event of one side."""

    at: float
    """Seconds since the view began."""
    who: str
    event: str
    state: str


class View:
    """Shows the events of one or more clients as they happen, with the state of each call."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = Console(highlight=False) if console is None else console
        self._began = time.monotonic()
        self._rows: dict[str, deque[Line]] = {}
        self._states: dict[str, str] = {}
        self._notes: deque[str] = deque(maxlen=6)
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(console=self._console, refresh_per_second=8, get_renderable=self._render)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def watch(self, who: str, client: Client) -> None:
        """Show every event of a client under a name."""
        self._rows[who] = deque(maxlen=_ROWS)
        self._states[who] = "-"
        client.subscribe(self._listener(who, client))

    def note(self, text: str) -> None:
        """One line that is nobody's event."""
        if self._live is None:
            self._console.print(f"{self._elapsed():7.3f}  {text}", soft_wrap=True)
        else:
            self._notes.append(f"{self._elapsed():7.3f}  {text}")

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _listener(self, who: str, client: Client) -> Callable[[str, list[Any]], None]:
        def show(name: str, events: list[Any]) -> None:
            event = events[0]
            state = _state_of(client, event)
            line = Line(at=self._elapsed(), who=who, event=_describe(name, event), state=state)
            self._rows[who].append(line)
            if state:
                self._states[who] = state
            if self._live is None:
                self._console.print(f"{line.at:7.3f}  {who:<6} {line.event:<58} {line.state}".rstrip(), soft_wrap=True)

        return show

    def _render(self) -> Group:
        columns = Table.grid(expand=True, padding=(0, 1))
        for _ in self._rows:
            columns.add_column(ratio=1)
        columns.add_row(*(self._panel(who) for who in self._rows))
        return Group(columns, *(Text(note) for note in self._notes))

    def _panel(self, who: str) -> Panel:
        lines = (f"{line.at:7.3f} {line.event}" for line in self._rows[who])
        text = Text("\n".join(lines), no_wrap=True, overflow="ellipsis")
        return Panel(text, title=f"{who}: {self._states[who]}", height=_ROWS + 2)


def _describe(name: str, event: Any) -> str:
    if name == "call:operation":
        return f"{name} {event.operation} {event.transition}"
    if name == "notification:received":
        return f"{name} {event.payload.get('notificationMessage', {}).get('eventType', '')}"
    error = event.get("error")
    if error:
        return f"{name} {error.code}: {error.message}"
    transition: Mapping[str, object] = event.get("transition", {})
    return " ".join((name, *(str(transition[key]) for key in ("statusCode", "reasonText") if key in transition)))


def _state_of(client: Client, event: Any) -> str:
    call_id = event.get("callId")
    if call_id is None:
        return ""
    call = client.call.get_by_id(call_id)
    if call is None:
        return ""
    return f"{call.state} / {call.get('mediaConnectionState') or '-'}"
