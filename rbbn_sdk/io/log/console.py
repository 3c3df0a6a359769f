"""The handlers an application gets without giving any: one line for each entry, on stderr (`logs` 7 and 9.6)."""

import re
import sys
from typing import Final, TextIO

from rbbn_sdk.types.log import LogEntry, LogEntryTarget

__all__ = ["ConsoleActionHandler", "ConsoleHandler"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST_ID: Final = 8
_SHORT_ID: Final = 6
_INDENT: Final = "  "


def _write(line: str, stream: TextIO | None) -> None:
    """Write a line to a stream of any encoding; characters it does not know are escaped.

    `sys.stderr` may be anything that an application put there: only `write` is asked for.
    """
    out = sys.stderr if stream is None else stream  # looked up each time, for it may be redirected
    if out is None or getattr(out, "closed", False):  # no console at all, as under pythonw; or a daemon closed it
        return
    encoding = getattr(out, "encoding", None) or "utf-8"
    out.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    if hasattr(out, "flush"):
        out.flush()


def _one_line(text: object) -> str:
    """The text with line breaks and other control characters escaped, so that nobody can forge an entry."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], str(text))


def _source(target: LogEntryTarget) -> str:
    if not target.id:
        return target.type
    return f"{target.type}/{target.id if len(target.id) <= _LONGEST_ID else target.id[:_SHORT_ID]}"


def _prefix(entry: LogEntry, source: str) -> str:
    return f"{entry.timestamp} - {source} - {entry.level}"


class ConsoleHandler:
    """The default log handler: `1700000000123 - CALL/3f9a1c - INFO - text further data`."""

    __slots__ = ("_stream",)

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def __call__(self, entry: LogEntry) -> None:
        text, *more = entry.messages or ("",)
        words = [_one_line(text), *map(_shown, more)]
        _write(f"{_prefix(entry, _one_line(_source(entry.target)))} - {' '.join(words)}", self._stream)


def _shown(value: object) -> str:
    return _one_line(repr(value))


class ConsoleActionHandler:
    """The default handler of action logs: groups are indented."""

    __slots__ = ("_depth", "_stream")

    def __init__(self, stream: TextIO | None = None) -> None:
        self._depth = 0
        self._stream = stream

    def __call__(self, entry: LogEntry) -> None:
        if entry.method == "groupEnd":
            self._depth = max(0, self._depth - 1)
            return
        if entry.method in ("group", "groupCollapsed"):
            self._line(" ".join(map(_one_line, entry.messages)))
            self._depth += 1
            return
        self._line(f"{_prefix(entry, _one_line(entry.target.type))} - {_action_text(entry.messages)}")

    def _line(self, text: str) -> None:
        _write(_INDENT * self._depth + text, self._stream)


def _action_text(messages: tuple[object, ...]) -> str:
    label, *more = messages or ("",)
    word = str(label).removeprefix("%c").strip()
    if "state" in word:
        return f"{word.upper()} {_shown(more[0])}" if more else word.upper()
    if word.endswith(":"):
        return _difference(word, more[1:])
    if not more:
        return "NO DIFF" if "no diff" in word else _one_line(word)
    return f"{_one_line(getattr(more[0], 'TYPE', ''))} - {word} {_shown(more[0])}"


def _difference(word: str, parts: list[object]) -> str:
    path, *values = parts
    shown = [str(value) if value == "→" else _shown(value) for value in values]
    return " ".join([word, _one_line(path), *shown])
