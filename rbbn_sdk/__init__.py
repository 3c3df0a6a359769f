"""A Python SDK for Ribbon WebRTC Gateway: audio and video calls to SIP users and phones, without a browser."""
