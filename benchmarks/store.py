"""The store against Redux 5 with redux-saga 1: `python -m benchmarks.store`.

CPU time, ours and theirs alternately in one run, medians of 5 rounds with their spread.
"""

import subprocess
import sys
import time
from statistics import median

from attrs import field, frozen

from benchmarks.ours import SCENARIOS, STATES, Dispatch, Factory, bare_store
from benchmarks.yardstick import Yardstick

ROUNDS = 5
OURS = 20_000
"""Dispatches in a round; theirs are fewer the more calls there are, for each costs a copy of all."""
THEIRS = {10: 200_000, 1_000: 4_000, 10_000: 200}
MANY = 100_000
BARS = {
    ("untaken", 10): 2.0,
    ("taken", 10): 1.6,
    ("unknown", 10): 0.5,
    ("untaken", 1_000): 1 / 25,
    ("taken", 1_000): 1 / 25,
    ("untaken", 10_000): 1 / 250,
    ("taken", 10_000): 1 / 250,
}
BAR_OF_MANY = 1.7


@frozen
class Figure:
    """Microseconds for one dispatch, one figure a round."""

    rounds: list[float] = field(factory=list)

    @property
    def median(self) -> float:
        return median(self.rounds)

    def __str__(self) -> str:
        return f"{self.median:9.2f} us ({min(self.rounds):.2f}..{max(self.rounds):.2f})"


def our_cpu(dispatch: Dispatch, scenario: str, calls: int, dispatches: int) -> float:
    """Microseconds of CPU time for one dispatch."""
    make = SCENARIOS[scenario]
    began = time.process_time_ns()
    for number in range(dispatches):
        dispatch(make(call_id=f"call-{(number >> 1) % calls}", state=STATES[number & 1]))
    return (time.process_time_ns() - began) / dispatches / 1000


def compare(factory: Factory, redux: Yardstick) -> bool:
    """Print a line for each bar; whether all were met."""
    fine = True
    for (scenario, calls), bar in BARS.items():
        dispatch = factory(calls)
        ours, theirs = Figure(), Figure()
        our_cpu(dispatch, scenario, calls, OURS // 4)
        redux.cpu(scenario, calls, THEIRS[calls] // 4)
        for _ in range(ROUNDS):
            ours.rounds.append(our_cpu(dispatch, scenario, calls, OURS))
            theirs.rounds.append(redux.cpu(scenario, calls, THEIRS[calls]))
        ratio = ours.median / theirs.median
        fine &= ratio <= bar
        print(
            f"{scenario:8} {calls:6} calls  ours {ours}  Redux {theirs}  {_ratio(ratio)} (bar {_ratio(bar)})"
            f"  {'ok' if ratio <= bar else 'MISSED'}",
            flush=True,
        )
    return fine


def flat(factory: Factory) -> bool:
    """Print how our cost grows with the calls; whether the bar was met."""
    few, many = Figure(), Figure()
    with_few, with_many = factory(10), factory(MANY)
    for _ in range(ROUNDS):
        few.rounds.append(our_cpu(with_few, "untaken", 10, OURS))
        many.rounds.append(our_cpu(with_many, "untaken", MANY, OURS))
    ratio = many.median / few.median
    fine = ratio <= BAR_OF_MANY
    print(
        f"untaken  {MANY} calls {many}  10 calls {few}  {_ratio(ratio)} (bar {_ratio(BAR_OF_MANY)})"
        f"  {'ok' if fine else 'MISSED'}",
        flush=True,
    )
    return fine


def _ratio(value: float) -> str:
    return f"{value:.2f} x" if value >= 0.1 else f"1/{1 / value:.0f}"


def main(factory: Factory = bare_store) -> int:
    """Exit code: 0 when every bar was met, or when there is no yardstick to tell."""
    fine = flat(factory)
    try:
        with Yardstick() as redux:
            fine &= compare(factory, redux)
    except (FileNotFoundError, subprocess.CalledProcessError):
        print("the yardstick is missing: install Node 18 or later with npm to compare with Redux and redux-saga")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
