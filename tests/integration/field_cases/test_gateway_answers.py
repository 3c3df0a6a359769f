"""F36: a load balancer answers instead of the gateway, with pages, nothing, or something else."""

import gzip

import pytest

from rbbn_sdk.errors import RbbnError

pytestmark = pytest.mark.media

PAGE = "<html><body>" + "<p>Bad Gateway, please come again</p>\n" * 200 + "</body></html>"
HALF = gzip.compress(b'{"callControlResponse":{"statusCode":0,"sessionData":"x"}}' * 9)[:40]
ANSWERS = {
    "502 page": {"status": 502, "body": PAGE},
    "200 page": {"status": 200, "body": PAGE},
    "200 empty": {"status": 200},
    "204": {"status": 204},
    "200 list": {"status": 200, "body": [1, 2, 3]},
    "200 number": {"status": 200, "body": b"5"},
    "half gzip": {"status": 200, "body": HALF, "headers": {"content-encoding": "gzip"}},
    "cut": {"status": 0},
    "404 page": {"status": 404, "body": PAGE},
}


def is_short(error) -> bool:
    """One line, no page."""
    return "\n" not in error.message and "<" not in error.message and len(error.message) < 300


async def test_of_make(gateway, phones, still_works, subtests) -> None:
    """No session came, so it fails, 204 too; the text is one line that names the status."""
    alice, bob = phones
    for name, answer in ANSWERS.items():
        with subtests.test(name):
            await gateway.fail(user=alice.username, method="POST", path="*/callControl", **answer)
            outgoing = alice.make()
            await alice.reaches(outgoing, "Ended")
            error = alice.call(outgoing).error
            assert is_short(error)
            assert alice.events(outgoing)[-1] == f"Ended < Initiating ! {error.code}"
            assert answer["status"] < 400 or str(answer["status"]) in f"{error.code} {error.message}"
        await gateway.clear()
    await still_works(alice, bob)


async def test_of_answer(gateway, phones, still_works, subtests) -> None:
    """204 is a success; else the call rings on and can be ended."""
    alice, bob = phones
    for name, answer in ANSWERS.items():
        outgoing = alice.make()
        incoming = await bob.rings()
        await gateway.fail(user=bob.username, method="PUT", path="*callSessions*", **answer)
        with subtests.test(name):
            if name == "204":
                await bob.answer(incoming)
                assert bob.state(incoming) == "Connected"
            else:
                with pytest.raises(RbbnError) as caught:
                    await bob.answer(incoming)
                assert is_short(caught.value)
                assert bob.state(incoming) == "Ringing"
        await gateway.clear()
        await bob.end(incoming)
        await alice.reaches(outgoing, "Ended")
    await still_works(alice, bob)


async def test_of_end(gateway, phones, connect, no_ghosts, subtests) -> None:
    """The call is over here whatever is answered, and the other side can end its own."""
    alice, bob = phones
    for name, answer in ANSWERS.items():
        outgoing, incoming = await connect(alice, bob, media=False)
        await gateway.fail(user=alice.username, method="DELETE", path="*callSessions*", **answer)
        with subtests.test(name):
            await alice.end(outgoing)
            assert alice.events(outgoing)[-2:] == ["END FINISH(PENDING)", "Ended < Connected"]
        await gateway.clear()
        await bob.end(incoming)
    await no_ghosts(gateway, alice, bob)


async def test_of_subscribe(gateway, phone, connect, subtests) -> None:
    """It fails in one line, and the next attempt works."""
    alice, bob = await phone(gateway, "alice", services=None), await phone(gateway, "bob")
    for name, answer in ANSWERS.items():
        with subtests.test(name):
            await gateway.fail(user=alice.username, method="POST", path="*/subscription", **answer)
            with pytest.raises(RbbnError) as caught:
                await alice.client.services.subscribe(["call"])
            assert is_short(caught.value)
            assert alice.client.services.get_subscriptions().subscribed == ()
        await gateway.clear()
    await alice.client.services.subscribe(["call"])
    outgoing, _ = await connect(alice, bob)
    await alice.end(outgoing)


def names_status(answer, error) -> bool:
    """By code or text; where the connection was cut there is none."""
    return not answer["status"] or str(answer["status"]) in f"{error.code} {error.message}"


async def test_of_an_update_and_an_unsubscribe(gateway, phone, connect, subtests) -> None:
    """They fail in one line that names the status, and what was subscribed stays; 204 ends a subscription."""
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob")
    services = alice.client.services
    for name, answer in ANSWERS.items():
        with subtests.test(name):
            await gateway.fail(user=alice.username, path="*/subscription/*", **answer)
            with pytest.raises(RbbnError) as caught:
                await services.subscribe(["IM"])
            assert is_short(caught.value)
            assert names_status(answer, caught.value)
            if name != "204":
                with pytest.raises(RbbnError) as caught:
                    await services.unsubscribe(["call"])
                assert is_short(caught.value)
                assert names_status(answer, caught.value)
            assert services.get_subscriptions().subscribed == ("call",)
        await gateway.clear()
    outgoing, _ = await connect(alice, bob)
    await alice.end(outgoing)
    await services.unsubscribe(["call"])
    assert services.get_subscriptions().subscribed == ()
