"""The default handlers: one line for each entry, whatever is in it and wherever it goes."""

import io
import subprocess
import sys

import pytest

from rbbn_sdk.io.log import ConsoleActionHandler, ConsoleHandler
from rbbn_sdk.types.log import LogEntry, LogEntryTarget, LogLevel


def an_entry(*messages, method="info", log_type="CALL", target_id=""):
    target = LogEntryTarget(type=log_type, id=target_id, name=log_type)
    return LogEntry(timestamp=1_700_000_000_123, method=method, level=LogLevel.INFO, target=target, messages=messages)


def written(handler_class, *entries):
    stream = io.StringIO()
    handler = handler_class(stream)
    for entry in entries:
        handler(entry)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("target_id", "source"),
    [("", "CALL"), ("12345678", "CALL/12345678"), ("3f9a1c77-4a5e", "CALL/3f9a1c")],
)
def test_a_line_has_the_documented_form(target_id, source):
    """Ids longer than 8 characters are cut to 6."""
    line = written(ConsoleHandler, an_entry("Example text", {"n": 1}, target_id=target_id))
    assert line == f"1700000000123 - {source} - INFO - Example text {{'n': 1}}\n"


def test_an_entry_without_messages_is_a_line_too():
    """`groupEnd` has none."""
    assert written(ConsoleHandler, an_entry(method="groupEnd")) == "1700000000123 - CALL - INFO - \n"


def test_nobody_can_forge_a_line():
    """Texts of the far end are in messages."""
    forged = an_entry("x\n1700000000124 - AUTH - INFO - fine\x1b[2J", "a\r\nb", target_id="a\nb")
    assert written(ConsoleHandler, forged).count("\n") == 1
    assert "\x1b" not in written(ConsoleHandler, forged)


def test_it_writes_to_what_stderr_is_now(capsys):
    """An application may redirect it at any time."""
    ConsoleHandler()(an_entry("hello"))
    assert capsys.readouterr().err.endswith("hello\n")


def test_without_a_console_nothing_is_written(monkeypatch):
    """A windowed Python has no stderr."""
    monkeypatch.setattr(sys, "stderr", None)
    ConsoleHandler()(an_entry("hello"))


def test_on_a_closed_console_nothing_is_written(monkeypatch):
    """A daemon closes what it was started with."""
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    ConsoleHandler()(an_entry("hello"))


def test_anything_with_write_may_stand_in_for_stderr(monkeypatch):
    """Applications put objects of their own there, which copy or colour what is written."""

    class Tee:
        def __init__(self):
            self.lines = []

        def write(self, text):
            self.lines.append(text)

    tee = Tee()
    monkeypatch.setattr(sys, "stderr", tee)
    ConsoleHandler()(an_entry("hello"))
    assert tee.lines == ["1700000000123 - CALL - INFO - hello\n"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_text_can_be_written_to_any_encoding(encoding):
    """Names of callers in other scripts, and lone surrogates of broken peers, in a container without locale."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
    ConsoleHandler(stream)(an_entry("Ελένη \ud800 名", "→"))
    stream.flush()
    assert raw.getvalue().decode(encoding).startswith("1700000000123 - CALL - INFO - ")


def test_a_process_without_locale_logs():
    """The same through a real stderr."""
    code = (
        "from rbbn_sdk.io.log import LogRegistry\n"
        "from rbbn_sdk.io.clock import SystemClock\n"
        "LogRegistry(SystemClock()).get('CALL').info('\\u0395\\u03bb \\udc80')"
    )
    environment = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=30)
    assert b" - CALL - INFO - \\u0395" in done.stderr


def test_action_logs_are_indented_by_group():
    """As a browser's console shows them."""

    class Dialled:
        TYPE = "call/MAKE"

        def __repr__(self):
            return "Dialled()"

    text = written(
        ConsoleActionHandler,
        an_entry("action call/MAKE @ 10:00:00.000 (in 0.10 ms)", method="group", log_type="ACTION"),
        an_entry("prev state", 1, log_type="ACTION"),
        an_entry("action    ", Dialled(), log_type="ACTION"),
        an_entry("next state", 2, log_type="ACTION"),
        an_entry("diff", method="group", log_type="ACTION"),
        an_entry("%c CHANGED:", "color", "call.n", 1, "→", 2, log_type="ACTION"),
        an_entry("%c ADDED:", "color", "call.m", 1, log_type="ACTION"),
        an_entry("%c DELETED:", "color", "call.k", log_type="ACTION"),
        an_entry("no diff", log_type="ACTION"),
        an_entry(method="groupEnd", log_type="ACTION"),
        an_entry(method="groupEnd", log_type="ACTION"),
        an_entry("after", log_type="ACTION"),
    )
    prefix = "1700000000123 - ACTION - INFO - "
    assert text.splitlines() == [
        "action call/MAKE @ 10:00:00.000 (in 0.10 ms)",
        f"  {prefix}PREV STATE 1",
        f"  {prefix}call/MAKE - action Dialled()",
        f"  {prefix}NEXT STATE 2",
        "  diff",
        f"    {prefix}CHANGED: call.n 1 → 2",
        f"    {prefix}ADDED: call.m 1",
        f"    {prefix}DELETED: call.k",
        f"    {prefix}NO DIFF",
        f"{prefix}after",
    ]
