"""What is true of every tree of sagas, under every schedule."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from engine_harness import KINDS, Program, Run, live, replay
from hypothesis import given
from hypothesis import strategies as st

kinds = st.integers(0, KINDS - 1)
seconds = st.sampled_from([0.0, 0.5, 1.0, 3.0])
flat_steps = st.one_of(
    st.tuples(st.just("delay"), seconds),
    st.tuples(st.just("take"), kinds),
    st.tuples(st.just("take_any")),
    st.tuples(st.just("put"), kinds),
    st.tuples(st.just("call"), st.just("now"), kinds),
    st.tuples(st.just("call"), st.just("dispatch"), kinds),
    st.tuples(st.just("call"), st.just("fail_now")),
    st.tuples(st.just("call"), st.just("never")),
    st.tuples(st.just("call"), st.just("later"), seconds, kinds),
    st.tuples(st.just("call"), st.just("fail_later"), seconds),
    st.tuples(st.just("call"), st.just("dispatch_later"), seconds, kinds),
    st.tuples(st.just("join")),
    st.tuples(st.just("cancel")),
    st.tuples(st.just("raise")),
    st.tuples(st.just("channel"), kinds, st.integers(1, 3)),
)


def _deeper(steps: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    programs = st.lists(steps, max_size=4).map(tuple)
    several = st.lists(steps, min_size=1, max_size=3)
    return st.one_of(
        steps,
        st.tuples(st.sampled_from(["fork", "spawn", "guard"]), programs),
        st.tuples(st.just("finally"), programs, programs),
        st.tuples(st.sampled_from(["every", "latest"]), kinds, programs),
        several.map(lambda entries: ("race", *entries)),
        several.map(lambda entries: ("all", *entries)),
    )


steps = st.recursive(flat_steps, _deeper, max_leaves=12)
programs = st.lists(steps, max_size=5).map(tuple)
schedules = st.lists(
    st.one_of(st.tuples(st.just("dispatch"), kinds), st.tuples(st.just("advance"), seconds)), max_size=10
).map(tuple)
handlers = st.dictionaries(kinds, st.lists(kinds, max_size=2).map(tuple), max_size=2)


@given(programs, schedules, handlers)
def test_the_fork_model_holds_for_any_tree_and_schedule(
    program: Program, schedule: Program, handling: dict[int, tuple[int, ...]]
) -> None:
    """Forks end before their parent, failures go up, races end their losers, one `take_latest` lives.

    `Player` and `Run.check_tree` watch all of it while the program runs; at the end every body has been left.
    """
    run: Run = live(program, schedule, handling)
    run.check_end()


@given(programs, schedules, handlers)
def test_recorded_inputs_give_the_same_run_again(
    program: Program, schedule: Program, handling: dict[int, tuple[int, ...]]
) -> None:
    """Puts, state, end, deaths and every step are the same, in a fresh runner that runs no port and no handler."""
    run = live(program, schedule, handling)
    assert replay(program, run).outcome() == run.outcome()


def test_runs_and_replays_are_the_same_under_two_hash_seeds() -> None:
    """No order of a set or map may reach an action."""
    harness = Path(__file__).with_name("harness.py")

    def output(seed: str) -> str:
        env = {**os.environ, "PYTHONHASHSEED": seed}
        ran = subprocess.run(
            [sys.executable, str(harness), "60"], env=env, check=True, capture_output=True, text=True, timeout=50
        )
        return ran.stdout

    assert output("0") == output("1")
