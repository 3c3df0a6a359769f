"""Descriptions that cannot be used, from either side: one call ends with the reason, and nothing else is harmed."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.media

SDP = Path(__file__).parents[2] / "data" / "sdp"
GOOD = (SDP / "engine" / "offer-audio.sdp").read_bytes().decode()
SESSION = GOOD[: GOOD.index("m=")]
BAD = {
    "garbage": "this is no SDP",
    "binary": "\x00\x01\x02" * 50,
    "one line": "v=0\r\n",
    "no section": SESSION,
    "another version": GOOD.replace("v=0", "v=1", 1).replace("m=audio", "m=audio x"),
    "a kind nobody knows": SESSION + "m=image 9 UDP/TLS/UDPTL t38\r\nc=IN IP4 127.0.0.1\r\n",
    "port 0": re.sub(r"m=audio \d+", "m=audio 0", GOOD),
    "no ICE": re.sub(r"a=(ice-ufrag|ice-pwd):.*\r\n", "", GOOD),
    "no fingerprint": re.sub(r"a=fingerprint:.*\r\n", "", GOOD),
    "a fingerprint of another kind": re.sub(r"a=fingerprint:sha-\d+", "a=fingerprint:md2", GOOD),
    "no codec in common": re.sub(r"m=audio (\d+) (\S+) .*", r"m=audio \1 \2 77", GOOD),
    "no rtcp-mux": GOOD.replace("a=rtcp-mux\r\n", ""),
    "half of it": GOOD[: len(GOOD) // 3],
    "only line ends": "\r\n\r\n",
    "a line of a megabyte": "v=0\r\ns=" + "x" * 1_000_000,
}


async def test_an_offer_that_cannot_be_used_ends_the_incoming_call_with_a_reason(
    gateway, phone, raw_party, subtests
) -> None:
    """It never rings. The caller hears nothing of it and may give up, or be answered by another device."""
    bob, alice = await phone(gateway, "bob"), await raw_party(gateway, "alice")
    for number, name in enumerate(BAD, 1):
        with subtests.test(name):
            await alice.call(bob.username, BAD[name])
            await bob.until(lambda number=number: len(bob.client.call.get_all()) == number)
            incoming = bob.client.call.get_all()[-1].id
            await bob.reaches(incoming, "Ended")
            code = bob.call(incoming).error.code
            assert bob.events(incoming) == [
                "MAKE* START",
                "receive",
                f"END FINISH ! {code}",
                f"Ended < Initiating ! {code}",
                f"MAKE* FINISH(ONGOING) ! {code}",
            ]
            assert any("offer cannot be used" in line for line in bob.logged)
        bob.logged.clear()
        await alice.end()
    await alice.call(bob.username, GOOD)
    again = await bob.rings()
    await alice.end()
    await bob.reaches(again, "Cancelled")


async def test_an_answer_that_cannot_be_used_ends_the_call_at_both_sides(gateway, phone, raw_party, subtests) -> None:
    """The order of `call-media` 5.4: told with the error, and the other side is told too."""
    alice, bob = await phone(gateway, "alice"), await raw_party(gateway, "bob")
    for name in BAD:
        with subtests.test(name):
            outgoing = alice.make()
            await bob.rings()
            await alice.reaches(outgoing, "Ringing")
            alice.forget()
            assert await bob.control("callAnswer", sdp=BAD[name]) == 200
            await alice.reaches(outgoing, "Ended")
            code = alice.call(outgoing).error.code
            assert alice.events(outgoing) == [
                "MAKE RESUME(PENDING)",
                "tracksRemoved",
                f"Ended < Ringing ! {code}",
                "MAKE FINISH(RESOLVING)",
            ]
            await bob.notification("callEnd")
    again = alice.make()
    await bob.rings()
    await alice.end(again)
    await bob.notification("callCancel")


@pytest.mark.parametrize("sections", [2, 3])
async def test_an_answer_with_another_number_of_sections_is_no_answer(sections, gateway, phone, raw_party) -> None:
    """`call:11`, whatever the sections are."""
    alice, bob = await phone(gateway, "alice"), await raw_party(gateway, "bob")
    outgoing = alice.make()
    await bob.rings()
    await bob.control("callAnswer", sdp=SESSION + GOOD[GOOD.index("m=") :] * sections)
    await alice.reaches(outgoing, "Ended")
    assert alice.call(outgoing).error.code == "call:11"
    await bob.notification("callEnd")


async def test_a_reply_without_a_description_ends_the_call(phones, still_works) -> None:
    """Neither SDP nor a refusal (`call-signalling` 4.4): the call is over, the callee is told."""
    alice, bob = phones
    outgoing = alice.make()
    incoming = await bob.rings()
    await alice.reaches(outgoing, "Ringing")
    alice.notify("respondCallUpdate", outgoing)
    await alice.reaches(outgoing, "Ended")
    assert alice.events(outgoing)[-3:] == ["tracksRemoved", "Ended < Ringing ! call:2", "MAKE FINISH(RESOLVING)"]
    await bob.reaches(incoming, "Cancelled")
    await still_works(alice, bob)


def another_fingerprint(sdp, info, _original):
    """An SDP handler that claims another certificate, in what is sent."""
    if info["step"] == "send" and info["endpoint"] == "local":
        for part in (sdp, *sdp["media"]):
            if "fingerprint" in part:
                part["fingerprint"]["hash"] = ":".join(["5A"] * 32)
    return sdp


@pytest.mark.parametrize("liar", ["caller", "callee"])
async def test_a_party_whose_certificate_is_another_one_is_not_heard(liar, gateway, phone, still_works) -> None:
    """DTLS fails, which is told as the state of the media connection; the call can be ended, and no sound came."""
    lying = {"call": {"sdpHandlers": [another_fingerprint]}}
    alice = await phone(gateway, "alice", **(lying if liar == "caller" else {}))
    bob = await phone(gateway, "bob", **(lying if liar == "callee" else {}))
    deceived = bob if liar == "caller" else alice
    outgoing = alice.make()
    incoming = await bob.rings()
    await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    call_id = incoming if liar == "caller" else outgoing
    await deceived.until(lambda: deceived.call(call_id).media_connection_state in ("failed", "closed"))
    assert deceived.state(call_id) == "Connected"
    await alice.end(outgoing)
    await bob.reaches(incoming, "Ended")
    await bob.client.destroy()
    await alice.client.destroy()
    await still_works(await phone(gateway, "alice"), await phone(gateway, "bob"))


async def test_a_provisional_answer_that_cannot_be_used_changes_nothing(gateway, phone, connect, still_works) -> None:
    """`call-signalling` 4.3: it is passed over, and the real answer connects."""
    alice, bob = await phone(gateway, "alice", call={"earlyMedia": True}), await phone(gateway, "bob")
    outgoing = alice.make()
    incoming = await bob.rings()
    await alice.reaches(outgoing, "Ringing")
    for sdp in ("garbage", "", SESSION, BAD["no fingerprint"], GOOD + GOOD[GOOD.index("m=") :]):
        alice.notify("sessionProgress", outgoing, sdp=sdp)
    await alice.settled()
    assert alice.state(outgoing) == "Ringing"
    await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    await alice.hears(outgoing)
    await bob.hears(incoming)
    await alice.end(outgoing)
    await still_works(alice, bob)
