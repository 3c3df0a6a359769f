"""What changes for users reaches the changelog."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_every_news_file_is_of_a_kind_that_the_changelog_has() -> None:
    """Another ending would be left out of it without a word."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
    kinds = {kind["directory"] for kind in settings["type"]}
    files = [path for path in (ROOT / settings["directory"]).iterdir() if path.name != "README.md"]
    assert [path.name for path in files if path.suffixes[-2:-1] not in [[f".{kind}"] for kind in kinds]] == []
