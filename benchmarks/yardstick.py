"""Redux and redux-saga, in a Node process that waits for orders."""

import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent


class Yardstick:
    """`with Yardstick() as redux: redux.cpu("taken", 10, 1000)`."""

    def __enter__(self) -> Self:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise FileNotFoundError("node")
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True)
        self._process = subprocess.Popen(
            [node, "redux.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(10)

    def cpu(self, scenario: str, calls: int, dispatches: int) -> float:
        """Microseconds of CPU time for one dispatch."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the yardstick is not running")
        print(json.dumps({"scenario": scenario, "calls": calls, "dispatches": dispatches}), file=stdin, flush=True)
        answer = stdout.readline()
        if not answer:
            raise RuntimeError("the yardstick died")
        return float(json.loads(answer)["cpu"]) / dispatches
