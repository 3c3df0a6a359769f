"""SDP handlers to give to `call.sdpHandlers`, for use on descriptions before they are applied and sent."""

from rbbn_sdk.sdp import create_codec_remover

__all__ = ["createCodecRemover", "create_codec_remover"]

createCodecRemover = create_codec_remover  # noqa: N816 - the documented spelling
