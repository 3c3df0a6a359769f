"""What the README prints runs as it is printed."""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[3] / "README.md"


def test_the_first_program_runs_as_printed(tmp_path: Path) -> None:
    """It makes a real call over the embedded gateway and ends well."""
    program = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert program is not None
    done = subprocess.run([sys.executable, "-c", program[1]], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "Ended"
    assert (tmp_path / "bob.wav").stat().st_size > 48_000


def test_the_first_program_is_short() -> None:
    """Twenty lines or so, or it is not a first program."""
    program = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert program is not None
    assert len([line for line in program[1].splitlines() if line.strip()]) <= 24
