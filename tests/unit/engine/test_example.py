"""The to-do example runs as printed, on the engine alone."""

import ast
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[3] / "examples" / "todo_store.py"
DOCUMENT = EXAMPLE.parents[1] / "docs" / "embedded-store.md"


def test_the_example_prints_what_the_document_says() -> None:
    """A reader who tries it must see the same."""
    ran = subprocess.run([sys.executable, str(EXAMPLE)], check=True, capture_output=True, text=True, timeout=30)
    assert ran.stdout in DOCUMENT.read_text()
    assert "event: TodoFinished(title='milk')" in ran.stdout


def test_the_example_imports_of_the_sdk_only_the_engine() -> None:
    """The store is usable alone."""
    modules = [
        node.module or "" for node in ast.walk(ast.parse(EXAMPLE.read_text())) if isinstance(node, ast.ImportFrom)
    ]
    assert all(module.startswith("rbbn_sdk.engine") for module in modules if module.startswith("rbbn_sdk"))
