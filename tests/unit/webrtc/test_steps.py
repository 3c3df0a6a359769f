"""Queues of reports, and the steps of gathering."""

import asyncio

from rbbn_sdk.io.webrtc.steps import MAX_UNREAD, Gathering, Reports
from rbbn_sdk.ports.peers import IceProgressKind
from rbbn_sdk.types.call import IceGatheringState as State


async def test_reports_come_in_order_and_then_the_end():
    """What was put before the end is still read."""
    reports = Reports()
    reports.put(1)
    reports.put(2)
    reports.end()
    assert [await reports.next() for _ in range(4)] == [1, 2, None, None]


async def test_a_cancelled_reader_takes_nothing_with_it():
    """Not even when the report came in the same turn."""
    reports = Reports()
    reader = asyncio.create_task(reports.next())
    await asyncio.sleep(0)
    reports.put(1)
    reader.cancel()
    await asyncio.wait([reader])
    assert await reports.next() == 1


async def test_the_end_wakes_a_reader():
    """Closing must leave nobody waiting."""
    reports = Reports()
    reader = asyncio.create_task(reports.next())
    await asyncio.sleep(0)
    reports.end()
    assert await reader is None


async def test_a_reader_that_does_not_come_costs_bounded_memory():
    """The oldest reports go."""
    reports = Reports()
    for number in range(MAX_UNREAD + 5):
        reports.put(number)
    assert await reports.next() == 5


async def test_every_candidate_and_state_is_a_step_with_all_that_came_before():
    """The check function sees what the browser's would."""
    gathering = Gathering()
    gathering.update(State.GATHERING, [("candidate:1", "0")])
    gathering.update(State.COMPLETE, [("candidate:1", "0"), ("candidate:2", "0")])
    steps = [await gathering.steps.next() for _ in range(4)]
    assert [(step.kind, step.state, len(step.candidates)) for step in steps] == [
        (IceProgressKind.STATE, State.GATHERING, 0),
        (IceProgressKind.CANDIDATE, State.GATHERING, 1),
        (IceProgressKind.CANDIDATE, State.GATHERING, 2),
        (IceProgressKind.STATE, State.COMPLETE, 2),
    ]


def test_candidates_of_earlier_negotiations_are_kept():
    """`call-media` 3.2: never cleared."""
    gathering = Gathering()
    gathering.update(State.COMPLETE, [("candidate:1", "0")])
    gathering.update(State.COMPLETE, [("candidate:2", "0")])
    assert gathering.now().candidates == ("candidate:1", "candidate:2")
