"""Options that have no effect are told of, not swallowed."""

from rbbn_sdk.api.call.options import read_options


def test_options_without_effect_are_named() -> None:
    """A misspelt option, or one that this release cannot carry out, would otherwise be missed in silence."""
    read = read_options({"displayName": "Al", "dscpControls": {"audioNetworkPriority": "high"}, "bandwith": {}})
    assert read.unused == ("bandwith", "dscpControls")
    assert read.problem is None
