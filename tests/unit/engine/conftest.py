"""Makes the small vocabulary of these tests importable: `from engine_words import ...`; ends all benches."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("engine_words", Path(__file__).parent / "words.py")
if _SPEC is not None and _SPEC.loader is not None and "engine_words" not in sys.modules:
    _MODULE = importlib.util.module_from_spec(_SPEC)
    sys.modules["engine_words"] = _MODULE
    _SPEC.loader.exec_module(_MODULE)


@pytest.fixture(autouse=True)
def _end_all_benches() -> Iterator[None]:
    """A saga that waits in a `finally` cannot be left to the garbage collector."""
    yield
    from engine_words import end_all_benches

    end_all_benches()
