"""F60: a process that has no media libraries registers and is told of calls; one that calls is told what is missing."""

import subprocess
import sys

SCRIPT = '''
import asyncio, sys

class Missing:
    """Nothing of av, aiortc and aioice is installed."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("av", "aiortc", "aioice"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import rbbn_sdk
from rbbn_sdk.gateway import Gateway

problems = []

def note(entry):
    if entry["target"]["type"] == "ENGINE":
        problems.append(entry["messages"])

async def client_of(gateway, name, stack):
    config = {**gateway.config_for(name), "logs": {"logLevel": "error", "handler": note}}
    client = await stack.enter_async_context(rbbn_sdk.create(config))
    client.set_credentials(gateway.credentials_for(name))
    await client.services.subscribe(["call", "Presence"])
    return client

async def main():
    from contextlib import AsyncExitStack
    async with Gateway() as gateway, AsyncExitStack() as stack:
        alice = await client_of(gateway, "alice@example.com", stack)
        print("subscribed", *alice.services.get_subscriptions().subscribed)
        print("devices", alice.media.get_devices().microphone)
        made = alice.call.make("bob@example.com", {"audio": True})
        try:
            await asyncio.wait_for(alice.call.answered(made), 5)
        except rbbn_sdk.errors.RbbnError as error:
            print("failed", error.message)
        incoming = alice.wait_for("call:stateChange", timeout=30)
        message = {"eventType": "call", "sessionParams": {"sessionData": "s", "sdp": "v=0\\r\\n"}}
        await gateway.notify(user="alice@example.com", message=message)
        print("incoming", (await incoming).error.message)
        await alice.services.unsubscribe(["call", "Presence"])
    print("problems", problems)

asyncio.run(main())
'''


def test_f60_without_media_libraries_all_but_media_works() -> None:
    """Registering, devices, calls that fail with the command that installs what is missing; no saga dies."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=50)
    assert done.returncode == 0, done.stderr
    lines = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert lines["subscribed"] == "call Presence"
    assert lines["devices"] == "()"
    assert "pip install aiortc" in lines["failed"]
    assert "pip install aiortc" in lines["incoming"]
    assert lines["problems"] == "[]"
