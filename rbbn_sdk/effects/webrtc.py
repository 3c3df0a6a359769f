"""Devices and rendering (`call-media` 13, 14)."""

from rbbn_sdk.actions.call import AnswerCall, IncomingCallReceived, MakeCall
from rbbn_sdk.actions.webrtc import (
    DevicesListed,
    ListDevices,
    RemoveTracks,
    RenderTracks,
    TracksRemoved,
    TracksRendered,
)
from rbbn_sdk.effects.apart import apart
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.ports import Devices, Objects
from rbbn_sdk.selectors.webrtc import known_tracks
from rbbn_sdk.types import NO_CODE, ErrorInfo

INVALID_PARAMETER = "webrtc:1"


async def watch() -> None:
    """List the devices when they are first needed, and render tracks."""
    await fx.take_every(apart(_render), RenderTracks)
    await fx.take_every(apart(_remove), RemoveTracks)
    await fx.take(ListDevices, MakeCall, AnswerCall, IncomingCallReceived)
    await fx.spawn(_list_devices, ListDevices())
    await fx.take_every(apart(_list_devices), ListDevices)


async def _list_devices(_order: ListDevices) -> None:
    try:
        devices = await fx.call(Devices.list)
    except RbbnError as error:
        await fx.log("warn", "MEDIA", f"The devices cannot be listed: {error.message}")
        return
    await fx.put(DevicesListed(devices=devices))


async def _render(request: RenderTracks) -> None:
    if request.problem is not None or request.sink is None:
        await _rendered(request, request.problem)
        return
    known = await fx.select(known_tracks, request.track_ids)
    try:
        await fx.call(Devices.render, known, request.sink)
    except RbbnError as error:
        await _rendered(request, _info(error))
    else:
        await _rendered(request, None)
    finally:
        await fx.call(Objects.free, request.sink)


async def _rendered(request: RenderTracks, error: ErrorInfo | None) -> None:
    known = await fx.select(known_tracks, request.track_ids)
    await fx.put(
        TracksRendered(request_id=request.request_id, track_ids=known, container=request.container, error=error)
    )


async def _remove(request: RemoveTracks) -> None:
    error: ErrorInfo | None = None
    try:
        await fx.call(Devices.remove, request.track_ids, request.sink)
    except RbbnError as problem:
        error = _info(problem)
    finally:
        await fx.call(Objects.free, request.sink)
    await fx.put(
        TracksRemoved(
            request_id=request.request_id, track_ids=request.track_ids, container=request.container, error=error
        )
    )


def _info(error: RbbnError) -> ErrorInfo:
    return ErrorInfo(code=INVALID_PARAMETER if error.code == NO_CODE else error.code, message=error.message)
