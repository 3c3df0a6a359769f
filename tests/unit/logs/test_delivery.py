"""No handler can harm the client."""

import logging
import threading

import pytest


class Broken(Exception):
    """What a handler of an application may raise."""


def test_what_a_handler_raises_is_reported_once_and_harms_nobody(registry, caplog):
    """In the vendor's SDK it surfaces in whatever was logging."""

    def handler(entry):
        raise Broken("no disk")

    registry.set_handler(handler)
    with caplog.at_level(logging.ERROR, "rbbn_sdk"):
        registry.get("CALL").info("one")
        registry.get("CALL").info("two")
    [record] = caplog.records
    assert "handler raised Broken" in record.getMessage()
    assert record.exc_info[0] is Broken


def test_a_handler_that_logs_does_not_call_itself(registry):
    """Every API call logs, so a handler that calls the API would never end."""
    seen = []

    def handler(entry):
        seen.append(entry.messages)
        registry.get("CALL").info("from the handler")

    registry.set_handler(handler)
    registry.get("CALL").info("one")
    registry.get("CALL").info("two")
    assert seen == [("one",), ("two",)]


def test_two_handlers_that_log_to_each_other_come_to_an_end(registry):
    """Each is left out only while it is at work itself."""
    seen = []

    def first(entry):
        seen.append("first")
        registry.get("AUTH").info("x")

    def second(entry):
        seen.append("second")
        registry.get("CALL").info("x")

    registry.set_handler(first, "CALL")
    registry.set_handler(second, "AUTH")
    registry.get("CALL").info("x")
    assert seen == ["first", "second"]


def test_a_handler_at_work_in_one_thread_serves_others(registry):
    """What media threads log is not lost."""
    seen, inside, go_on = [], threading.Event(), threading.Event()

    def handler(entry):
        seen.append(entry.messages[0])
        if entry.messages[0] == "slow":
            inside.set()
            go_on.wait(5)

    registry.set_handler(handler)
    thread = threading.Thread(target=registry.get("CALL").info, args=("slow",))
    thread.start()
    assert inside.wait(5)
    registry.get("CALL").info("quick")
    go_on.set()
    thread.join(5)
    assert seen == ["slow", "quick"]


def test_a_coroutine_function_is_reported(registry, caplog):
    """One that got past the check, such as a function around one, leaves no unawaited coroutine."""

    async def handler(entry):
        raise Broken

    def outer(entry):
        return handler(entry)

    registry.set_handler(outer)
    with caplog.at_level(logging.ERROR, "rbbn_sdk"):
        registry.get("CALL").info("x")
    assert "coroutine" in caplog.text


def test_an_interrupt_passes_through(registry):
    """It is not the handler's error."""

    def handler(entry):
        raise KeyboardInterrupt

    registry.set_handler(handler)
    with pytest.raises(KeyboardInterrupt):
        registry.get("CALL").info("x")


def test_a_report_that_cannot_be_written_harms_nobody(registry, monkeypatch):
    """A process whose stderr was closed has nowhere to put it, and `logging` raises then."""

    class Closed(logging.Handler):
        def emit(self, _record):
            raise ValueError("I/O operation on closed file")

    def handler(entry):
        raise Broken("no disk")

    reports, closed = logging.getLogger("rbbn_sdk"), Closed()
    monkeypatch.setattr(reports, "handlers", [closed])
    registry.set_handler(handler)
    registry.get("CALL").info("one")
