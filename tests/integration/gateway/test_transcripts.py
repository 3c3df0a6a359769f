"""The browser's recorded requests get the recorded answers, and the recorded notifications follow in their order."""

import asyncio
import json
import re
from pathlib import Path

import httpx
import pytest
from attrs import define, field
from websockets.asyncio.client import ClientConnection, connect

SESSIONS = sorted(Path(__file__).parents[2].joinpath("data", "transcripts").glob("*.json"))
NAME = re.compile(r"\{([a-z0-9.]+)\}")


@define(eq=False)
class Replay:
    """One recorded session against a live gateway."""

    base_url: str
    http: httpx.AsyncClient
    known: dict[str, str] = field(factory=dict)
    sockets: dict[str, ClientConnection] = field(factory=dict)

    async def step(self, step):
        if "request" in step:
            await self._request(step["request"], step["answer"])
        elif "notification" in step:
            await self._notification(step["client"], step["notification"])
        elif step["socket"] == "open":
            url = self.base_url.replace("http", "ws", 1) + self._filled(step["path"])
            self.sockets[step["client"]] = await connect(url)
        else:
            socket = self.sockets.pop(step["client"])
            await socket.close(step["code"])
            assert socket.close_code == step["code"]

    async def _request(self, request, expected):
        body = self._filled(json.dumps(request["body"])) if "body" in request else None
        answer = await self.http.request(
            request["method"],
            self._filled(request["path"]),
            params=request["query"],
            headers=json.loads(self._filled(json.dumps(request["headers"]))),
            content=body,
        )
        assert answer.status_code == expected["status"]
        assert answer.headers.get("content-type", "").partition(";")[0] == expected.get("contentType", "")
        if "body" in expected:
            self._compare(answer.json(), expected["body"], "answer")
        else:
            assert answer.content == b""

    async def _notification(self, client, expected):
        async with asyncio.timeout(30):
            heard = json.loads(await self.sockets[client].recv())
        self._compare(heard, expected, "notification")

    def _filled(self, text):
        return NAME.sub(lambda found: self.known.get(found[1], found[0]), text)

    def _compare(self, found, expected, where):
        """The same members and values; what differs from session to session is remembered by its name."""
        if isinstance(expected, dict):
            assert set(found) == set(expected), where
            for key, value in expected.items():
                self._compare(found[key], value, f"{where}.{key}")
        elif isinstance(expected, str):
            self._compare_text(found, expected, where)
        else:
            assert found == expected, where

    def _compare_text(self, found, expected, where):
        names = NAME.findall(expected)
        if names == ["any"]:
            return
        pattern = "(.+)".join(re.escape(part) for part in NAME.split(expected)[::2])
        match = re.fullmatch(pattern, found, re.DOTALL)
        assert match is not None, where
        for name, value in zip(names, match.groups(), strict=True):
            assert self.known.setdefault(name, value) == value, where


@pytest.mark.parametrize("path", SESSIONS, ids=[path.stem for path in SESSIONS])
async def test_a_recorded_session_goes_the_same_way(gateway, path):
    """What a browser was content with, it will be content with again."""
    session = json.loads(path.read_text())
    async with httpx.AsyncClient(base_url=gateway.base_url, timeout=30, verify=False) as http:
        replay = Replay(gateway.base_url, http, {"sdp.1": "v=0 offer", "sdp.2": "v=0 answer"})
        for step in session["steps"]:
            await replay.step(step)
    assert replay.sockets == {}


def test_the_sessions_are_there():
    """An empty folder would pass the test above."""
    parts = {path.stem: json.loads(path.read_text())["part"] for path in SESSIONS}
    assert {name for name, part in parts.items() if part == "whole"} == {
        "connect-hmac",
        "connect-password",
        "make-answer-end-audio",
    }
    assert len(parts) == 8
