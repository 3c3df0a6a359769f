"""The slice `config`. Its records are those of `rbbn_sdk.types.options`, which actions carry too."""

from rbbn_sdk.actions.config import ConfigSet, ConfigUpdated
from rbbn_sdk.engine import Slice
from rbbn_sdk.types.options import Options

config = Slice("config", Options())


@config.on(ConfigSet)
def _set(state: Options, action: ConfigSet) -> Options:
    return state if action.config == state else action.config


@config.on(ConfigUpdated)
def _updated(state: Options, action: ConfigUpdated) -> Options:
    return state if action.config == state else action.config
