"""Feed recorded inputs to a fresh runner."""

from collections.abc import Callable, Iterable
from typing import Any

from rbbn_sdk.engine.journal import Dispatched, Ended, Put, Record
from rbbn_sdk.engine.runner import Runner
from rbbn_sdk.engine.virtual import ManualScheduler


def feed(
    records: Iterable[Record],
    runner: Runner,
    scheduler: ManualScheduler,
    start: Callable[[], object],
    *,
    late_events: Callable[[Any], bool] | None = None,
) -> None:
    """Give a runner the inputs in their order; what it puts follows from them.

    The runner has to be fresh, over a fresh store of the same slices, without subscribers and handlers that dispatch.
    `start` runs the same sagas as then: what they put at once may have made a handler dispatch. Raises `LookupError`
    when an input ends what is not open: the runner has diverged.
    """
    inputs = [record for record in records if not isinstance(record, Put)]
    during: dict[int, list[Dispatched]] = {}
    for record in inputs:
        if isinstance(record, Dispatched) and record.during is not None:
            during.setdefault(record.during, []).append(record)

    def give(record: Dispatched | Ended) -> None:
        if isinstance(record, Ended):
            _end(record, scheduler)
        elif record.destroys:
            runner.destroy(record.action, late_events=late_events)
        else:
            runner.core.feed(record.action)

    def between(line: int) -> None:
        for record in during.pop(line, ()):
            give(record)

    runner.core.between = between
    try:
        start()
        for record in inputs:
            if isinstance(record, Ended) or record.during is None:
                give(record)
    finally:
        runner.core.between = None


def _end(record: Ended, scheduler: ManualScheduler) -> None:
    if record.error is None:
        scheduler.finish(record.path, record.result)
    else:
        scheduler.fail(record.path, record.error)
