"""Makes the harness beside it importable: `from engine_harness import ...`."""

import importlib.util
import sys
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location("engine_harness", Path(__file__).parent / "harness.py")
if _SPEC is not None and _SPEC.loader is not None and "engine_harness" not in sys.modules:
    _MODULE = importlib.util.module_from_spec(_SPEC)
    sys.modules["engine_harness"] = _MODULE
    _SPEC.loader.exec_module(_MODULE)
