"""Raw JSON that state and actions carry: kept as its text, which is immutable and compares by value."""

from typing import NewType

JsonText = NewType("JsonText", str)
