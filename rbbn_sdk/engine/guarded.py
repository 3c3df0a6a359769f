"""Whose code runs now, and what went wrong in it."""

from collections.abc import Callable
from typing import Any

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.problem import EngineProblem, ProblemKind, Report, report_to_stderr

FREE = ""
"""The phase in which anybody may dispatch: no phase at all."""
SAGA = "saga"
_REPORT = "report handler"


class Guarded:
    """`phase` says who is running; anybody but subscribers, handlers and port code may only read."""

    def __init__(self, report: Report | None) -> None:
        self.phase = FREE
        self._report = report or report_to_stderr
        self._refused: set[tuple[str, type[Action]]] = set()

    def aside(self, phase: str, function: Callable[[Any], object], argument: object) -> None:
        """Call something that may only read."""
        before, self.phase = self.phase, phase
        try:
            function(argument)
        except Exception as error:  # noqa: BLE001 -- reported; who listens disturbs nobody
            self.problem(ProblemKind.TAP, f"a {phase} raised", None, error)
        finally:
            self.phase = before

    def refuse(self, action: Action) -> None:
        """An action was dispatched by code that may only read; told once for each place and class."""
        key = (self.phase, type(action))
        if self.phase == _REPORT or key in self._refused:
            return
        self._refused.add(key)
        hint = "; use `await fx.put(...)`" if self.phase == SAGA else ""
        self.problem(
            ProblemKind.DISPATCH,
            f"{type(action).__name__} was dispatched from a {self.phase}, which may only read{hint}",
            action,
        )

    def problem(
        self,
        kind: ProblemKind,
        message: str,
        action: Action | None,
        error: BaseException | None = None,
        slice_name: str = "",
    ) -> None:
        """Something went wrong and harms nobody: report it."""
        name = "" if action is None else type(action).TYPE
        phase, self.phase = self.phase, _REPORT
        try:
            self._report(EngineProblem(kind=kind, message=message, action=name, slice=slice_name, error=error))
        except Exception as failure:  # noqa: BLE001 -- the last resort
            report_to_stderr(EngineProblem(kind=kind, message=f"{message}; and the report raised", error=failure))
        finally:
            self.phase = phase
