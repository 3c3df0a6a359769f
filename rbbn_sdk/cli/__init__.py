"""The command `rbbn-sdk`."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; says what to install when the extra `cli` is missing."""
    try:
        from rbbn_sdk.cli.app import app
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("rbbn_sdk"):
            raise
        sys.exit(
            f"rbbn-sdk: the command line needs {missing.name}, which is not installed: pip install 'rbbn-sdk[cli]'"
        )
    app()
