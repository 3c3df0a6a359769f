"""What is accepted, what is corrected, what keeps a client from being made."""

import asyncio
from pathlib import Path

import pytest

from rbbn_sdk.config import (
    Authentication,
    Call,
    Configuration,
    Connectivity,
    IceServer,
    Logs,
    PeerConfig,
    Server,
    Subscription,
    Websocket,
)
from rbbn_sdk.config.reading import read_configuration, read_update
from rbbn_sdk.errors import ConfigurationError, InvalidArgument

REQUIRED = {
    "authentication": {"server": {"base": "gateway.example.com"}},
    "subscription": {"websocket": {"server": "gateway.example.com"}},
}


def read(**namespaces):
    return read_configuration({**REQUIRED, **namespaces})


def test_a_misspelt_section_is_named_beside_what_is_missing_for_it():
    """What one reads is that something is missing which one has given."""
    with pytest.raises(ConfigurationError) as caught:
        read_configuration({"authentification": {"server": {"base": "gateway.example.com"}}})
    assert "authentication.server.base: is required and missing" in str(caught.value)
    assert "authentification: is no known option" in str(caught.value)


def texts(reading):
    return [finding.text for finding in reading.findings]


DEFAULTS = {
    "logs": {"logLevel": "DEBUG", "logActions": False},
    "authentication": {
        "server": {"base": "gateway.example.com", "protocol": "https", "port": 443, "version": "1"},
        "localization": "English_US",
        "notificationType": "WebSocket",
        "useTurn": True,
    },
    "subscription": {
        "expires": 3600,
        "serviceUnavailableMaxRetries": 3,
        "websocket": {"server": "gateway.example.com", "protocol": "wss", "port": 443},
    },
    "notifications": {"idCacheLength": 100, "incomingCallNotificationMode": "any-channel"},
    "connectivity": {
        "method": {"type": "keepAlive", "responsibleParty": "client"},
        "pingInterval": 30000,
        "reconnectLimit": 5,
        "reconnectDelay": 5000,
        "reconnectTimeMultiplier": 1,
        "reconnectTimeLimit": 640000,
        "autoReconnect": True,
        "checkConnectivity": True,
        "webSocketOAuthMode": "none",
    },
    "request": {"restTimeout": 30000},
    "call": {
        "defaultPeerConfig": {"iceServers": (), "sdpSemantics": "unified-plan"},
        "iceCollectionIdealTimeout": 1000,
        "iceCollectionMaxTimeout": 3000,
        "serverTurnCredentials": True,
        "sdpHandlers": (),
        "earlyMedia": False,
        "resyncOnConnect": False,
        "mediaBrokerOnly": False,
        "removeBundling": False,
        "ringingFeedbackMode": "auto",
        "callAuditTimer": 25000,
        "mediaConnectionRetryDelay": 3000,
        "normalizeDestination": True,
        "trickleIceMode": "NONE",
        "skipIceCollection": False,
        "iceAddresses": None,
    },
    "messaging": {"features": ("base",)},
    "common": {"disableProxy": False, "enableReduxDevTools": False, "reduxDevToolsName": "WebRTC SDK"},
    "network": {"proxy": "environment", "tls": True},
}


def test_all_options_have_the_documented_defaults():
    """The table of defaults, written down once more by hand."""
    reading = read()
    assert reading.values == DEFAULTS
    assert reading.findings == ()


def test_classes_and_mappings_say_the_same():
    """Both ways of writing it are documented, and may be mixed."""
    classes = Configuration(
        authentication=Authentication(server=Server(base="gateway.example.com", port=8580)),
        subscription=Subscription(websocket=Websocket(server="gateway.example.com")),
        connectivity=Connectivity(web_socket_oauth_mode="query"),
        call=Call(default_peer_config=PeerConfig(ice_servers=[IceServer(urls="stun:s.example"), {"urls": "stun:t"}])),
        logs=Logs(log_level="info", log_actions=True),
    )
    mappings = {
        "authentication": {"server": {"base": "gateway.example.com", "port": 8580}},
        "subscription": {"websocket": {"server": "gateway.example.com"}},
        "connectivity": {"webSocketOAuthMode": "query"},
        "call": {"defaultPeerConfig": {"iceServers": [{"urls": "stun:s.example"}, {"urls": "stun:t"}]}},
        "logs": {"logLevel": "info", "logActions": True},
    }
    assert read_configuration(classes).values == read_configuration(mappings).values


@pytest.mark.parametrize("config", [None, 5, "x", []], ids=repr)
def test_what_is_no_configuration_makes_no_client(config):
    """`create(None)` is an error in the vendor's SDK too."""
    with pytest.raises(ConfigurationError, match="mapping"):
        read_configuration(config)


@pytest.mark.parametrize(
    ("config", "paths"),
    [
        ({}, ["authentication.server.base", "subscription.websocket.server"]),
        ({"authentication": None}, ["authentication.server.base", "subscription.websocket.server"]),
        ({**REQUIRED, "authentication": {"server": None}}, ["authentication.server.base"]),
        ({**REQUIRED, "authentication": {"server": {"base": ""}}}, ["authentication.server.base"]),
        ({**REQUIRED, "authentication": {"server": {"base": "https://a"}}}, ["authentication.server.base"]),
        ({**REQUIRED, "authentication": {"server": {"base": "a:8443"}}}, ["authentication.server.base"]),
        ({**REQUIRED, "subscription": {"websocket": {}}}, ["subscription.websocket.server"]),
        ({**REQUIRED, "logs": {"logLevel": None}}, ["logs.logLevel"]),
        ({**REQUIRED, "logs": {"logLevel": ""}}, ["logs.logLevel"]),
        ({**REQUIRED, "call": {"sdpHandlers": len}}, ["call.sdpHandlers"]),
        ({**REQUIRED, "call": {"defaultPeerConfig": {"iceServers": {}}}}, ["call.defaultPeerConfig.iceServers"]),
        ({**REQUIRED, "network": {"proxy": 3128}}, ["network.proxy"]),
        ({**REQUIRED, "network": {"tls": 1}}, ["network.tls"]),
    ],
    ids=repr,
)
def test_what_keeps_a_client_from_being_made_is_named_by_its_path(config, paths):
    """All of it in one error, so that it need not be found step by step."""
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(config)
    assert [text.partition(":")[0] for text in caught.value.message.split(". ")] == paths


@pytest.mark.parametrize(
    ("path", "value", "instead"),
    [
        ("logs.logLevel", "loud", "DEBUG"),
        ("authentication.server.port", 0, 443),
        ("authentication.server.port", 65536, 443),
        ("authentication.server.protocol", "ftp", "https"),
        ("authentication.server.version", "1/../2", "1"),
        ("authentication.server.version", "..", "1"),
        ("authentication.localization", 5, "English_US"),
        ("authentication.localization", "\ud800", "English_US"),
        ("subscription.expires", -1, 3600),
        ("subscription.websocket.protocol", "http", "wss"),
        ("logs.logActions.level", "loud", "debug"),
        ("connectivity.pingInterval", True, 30000),
        ("connectivity.pingInterval", float("nan"), 30000),
        ("connectivity.pingInterval", float("inf"), 30000),
        ("connectivity.pingInterval", 10**400, 30000),
        ("connectivity.pingInterval", None, 30000),
        ("connectivity.reconnectTimeMultiplier", "fast", 1),
        ("connectivity.method", "ping", {"type": "keepAlive", "responsibleParty": "client"}),
        ("notifications.incomingCallNotificationMode", "none", "any-channel"),
        ("request.restTimeout", [], 30000),
        ("call.earlyMedia", "true", False),
        ("call.ringingFeedbackMode", "loud", "auto"),
        ("call.defaultPeerConfig.sdpSemantics", "plan-b", "unified-plan"),
        ("call.iceAddresses", ["localhost"], None),
        ("call.iceAddresses", [], None),
        ("messaging.features", ["base", "rich"], ("base",)),
        ("common.disableProxy", 1, False),
    ],
)
def test_a_value_that_cannot_be_used_gives_way_to_the_default_with_a_warning(path, value, instead):
    """The warning names the path; the client is made nevertheless."""
    reading = read_configuration(_with(REQUIRED, path, value))
    assert _at(reading.values, path) == instead
    [finding] = reading.findings
    assert finding.path == path
    assert "expected" in finding.text
    assert finding.log_type == ("LOGS" if path.startswith("logs") else "VALIDATION")


@pytest.mark.parametrize(
    "path",
    [
        "logs.handler",
        "logs.logActions.handler",
        "logs.logActions.excludeActions",
        "call.iceCollectionCheckFunction",
        "call.defaultPeerConfig.iceTransportPolicy",
        "call.defaultPeerConfig.bundlePolicy",
        "call.defaultPeerConfig.certificates",
        "notifications.pushRegistration.port",
    ],
)
def test_an_option_without_default_is_left_out_when_it_cannot_be_used(path):
    """There is nothing to put in its place."""
    reading = read_configuration(_with(REQUIRED, path, 70000.5))
    *outer, last = path.split(".")
    assert last not in (_at(reading.values, ".".join(outer)) if outer else reading.values)
    assert [finding.path for finding in reading.findings] == [path]


def test_a_version_may_be_a_number():
    """It becomes a part of a path."""
    assert (
        read(authentication={"server": {"base": "a", "version": 2}}).values["authentication"]["server"]["version"]
        == "2"
    )


def test_no_url_at_all_is_no_ice_server():
    """It is left out, as any that cannot be used."""
    reading = read(call={"defaultPeerConfig": {"iceServers": [{"urls": []}]}})
    assert reading.values["call"]["defaultPeerConfig"]["iceServers"] == ()


def test_certificates_are_kept_as_they_are():
    """They are live objects; None takes them away."""
    certificates = [{"expires": "tomorrow"}]
    peer = read(call={"defaultPeerConfig": {"certificates": certificates}}).values["call"]["defaultPeerConfig"]
    assert peer["certificates"].value == tuple(certificates)
    assert (
        "certificates"
        not in read(call={"defaultPeerConfig": {"certificates": None}}).values["call"]["defaultPeerConfig"]
    )


def test_the_network_takes_a_path_or_a_context():
    """Files are read when the connections are made."""
    assert read(network={"tls": Path("/etc/own.pem")}).values["network"]["tls"] == str(Path("/etc/own.pem"))


@pytest.mark.parametrize("value", ["8443", "8443.0", 8443, 8443.0, 8442.5], ids=repr)
def test_numerals_are_numbers(value):
    """The documentation accepts both; fractions are rounded up."""
    reading = read(authentication={"server": {"base": "a", "port": value}})
    assert reading.values["authentication"]["server"]["port"] == 8443
    assert not reading.findings


@pytest.mark.parametrize(("given", "host"), [("::1", "[::1]"), ("[::1]", "[::1]"), (" a.example ", "a.example")])
def test_a_host_gets_one_form(given, host):
    """An address of IPv6 needs its brackets in a URL."""
    assert read(authentication={"server": {"base": given}}).values["authentication"]["server"]["base"] == host


def test_an_unknown_key_is_named_and_kept():
    """It is given back by `getConfig`, as in the vendor's SDK; its value is not shown, for it may be a password."""
    reading = read(call={"pasword": "hunter2"})
    assert reading.unknown == {("call", "pasword"): "hunter2"}
    [text] = texts(reading)
    assert text.startswith("call.pasword: is no known option; call takes defaultPeerConfig, ")
    assert "hunter2" not in text


def test_an_unknown_namespace_is_dropped_at_creation_and_kept_by_an_update():
    """So does the vendor's SDK."""
    assert read(extra={"a": 1}).unknown == {}
    assert read_update({"extra": {"a": 1}}).unknown == {("extra",): {"a": 1}}


@pytest.mark.parametrize(
    ("namespaces", "path", "value"),
    [
        ({"requests": {"restTimeout": 7}}, "request.restTimeout", 7),
        ({"requests": {"restTimeout": 7}, "request": {"restTimeout": 8}}, "request.restTimeout", 8),
        ({"call": {"iceCollectionDelay": 7}}, "call.iceCollectionIdealTimeout", 7),
        ({"call": {"maxIceTimeout": 7}}, "call.iceCollectionMaxTimeout", 7),
        ({"call": {"maxIceTimeout": 7, "iceCollectionMaxTimeout": 8}}, "call.iceCollectionMaxTimeout", 8),
        ({"call": {"idealIceCollectionTimeout": 7}}, "call.iceCollectionIdealTimeout", 7),
        ({"call": {"maxIceCollectionTimeout": 7}}, "call.iceCollectionMaxTimeout", 7),
    ],
    ids=repr,
)
def test_other_names_of_options_are_understood(namespaces, path, value):
    """Names of earlier releases, and those of the documentation of the check function; the proper name wins."""
    assert _at(read(**namespaces).values, path) == value


def test_options_of_subscription_under_authentication_win():
    """They stood there in earlier releases."""
    authentication = {
        "server": {"base": "a"},
        "subscription": {"expires": 120},
        "websocket": {"server": "old.example", "port": 1},
    }
    subscription = {"expires": 240, "websocket": {"server": "new.example", "protocol": "ws"}}
    reading = read(authentication=authentication, subscription=subscription)
    assert reading.values["subscription"]["expires"] == 120
    assert reading.values["subscription"]["websocket"] == {"server": "old.example", "port": 1, "protocol": "ws"}
    assert [finding.severity for finding in reading.findings] == ["info", "info"]


def test_a_subscription_lives_at_least_a_minute_when_a_client_is_made():
    """An update may make it shorter, as in the vendor's SDK."""
    assert read(subscription={**REQUIRED["subscription"], "expires": 5}).values["subscription"]["expires"] == 60
    assert read_update({"subscription": {"expires": 5}}).values["subscription"]["expires"] == 5


@pytest.mark.parametrize(("mode", "warnings"), [("NONE", 1), ("HALF", 1), ("FULL", 0), (None, 0)])
def test_skipping_the_collection_of_candidates_sets_full_trickling(mode, warnings):
    """With a warning when another mode was asked for."""
    call = {"skipIceCollection": True} | ({} if mode is None else {"trickleIceMode": mode})
    reading = read(call=call)
    assert reading.values["call"]["trickleIceMode"] == "FULL"
    assert len(reading.findings) == warnings


@pytest.mark.parametrize(
    ("url", "kept", "warnings"),
    [
        ("turn:t.example:3478?transport=udp&x=1", "turn:t.example:3478?transport=udp", 1),
        ("turn:t.example?x=1", "turn:t.example", 1),
        ("turns:t.example:443?transport=tcp", "turns:t.example:443?transport=tcp", 0),
        ("stun:s.example?transport=udp", "stun:s.example", 1),
        ("stun:s.example", "stun:s.example", 0),
        ("http://s.example", "http://s.example", 1),
    ],
)
def test_urls_of_ice_servers_lose_unknown_parameters(url, kept, warnings):
    """What is no URL of that kind is left alone, with a warning."""
    reading = read(call={"defaultPeerConfig": {"iceServers": [{"urls": [url]}]}})
    assert reading.values["call"]["defaultPeerConfig"]["iceServers"] == ({"urls": (kept,)},)
    assert len(reading.findings) == warnings


def test_a_wrong_ice_server_is_left_out_alone():
    """The others stay; nothing of a wrong one is shown, for it may hold a password."""
    servers = [
        "turn:bob:hunter2@t.example",
        {"url": "stun:x"},
        {"urls": 5, "credential": "hunter2"},
        {"urls": "stun:s"},
    ]
    reading = read(call={"defaultPeerConfig": {"iceServers": servers}})
    assert reading.values["call"]["defaultPeerConfig"]["iceServers"] == ({"urls": "stun:s"},)
    assert "hunter2" not in str(texts(reading))


async def _coroutine_function(entry):
    await asyncio.sleep(0)


class _AsyncCallable:
    async def __call__(self, entry):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "value", [_coroutine_function, _AsyncCallable(), "print", 5], ids=lambda value: type(value).__name__
)
def test_a_handler_is_a_function_that_is_no_coroutine_function(value):
    """Nobody would await it."""
    reading = read(logs={"handler": value}, call={"sdpHandlers": [len, value]})
    assert "handler" not in reading.values["logs"]
    assert [handler.value for handler in reading.values["call"]["sdpHandlers"]] == [len]
    assert [finding.path for finding in reading.findings] == ["logs.handler", "call.sdpHandlers.1"]


@pytest.mark.parametrize(
    ("value", "on", "warnings"),
    [(True, True, 0), ({}, True, 0), (1, True, 1), ("yes", True, 1), (False, False, 0), (None, False, 1)],
)
def test_action_logs_are_on_for_all_but_false(value, on, warnings):
    """As in the vendor's SDK, but that None is off and that a warning tells."""
    reading = read(logs={"logActions": value})
    actions = reading.values["logs"]["logActions"]
    assert (actions["level"] == "debug") if on else (actions is False)
    assert len(reading.findings) == warnings


def test_the_level_of_action_logs_is_read_in_any_case():
    """An upper-case name would name no logger method."""
    assert read(logs={"logActions": {"level": "WARN"}}).values["logs"]["logActions"]["level"] == "warn"


def test_a_removed_option_is_named():
    """It has no effect, and the message says what to use."""
    [text] = texts(read(call={"removeH264Codecs": True}))
    assert "sdpHandlers" in text


def test_secrets_are_in_no_repr():
    """Neither in that of the classes, nor in that of what was read."""
    server = IceServer(urls="turn:t", username="u", credential="hunter2")
    reading = read(
        call=Call(default_peer_config=PeerConfig(ice_servers=[server])),
        network={"proxy": "http://u:hunter2@proxy.example:3128"},
    )
    assert "hunter2" not in repr(server) + repr(reading)


@pytest.mark.parametrize("value", [None, 5, "x", [1]], ids=repr)
def test_an_update_that_is_no_object_is_an_invalid_argument(value):
    """As documented; anything inside an object only warns."""
    with pytest.raises(InvalidArgument, match="new_config_values"):
        read_update(value)


def test_an_update_leaves_what_it_cannot_use_as_it_was():
    """Nothing raises, not even what would keep a client from being made."""
    reading = read_update(
        {
            "call": {"sdpHandlers": 5, "earlyMedia": 5},
            "logs": {"logLevel": 5},
            "authentication": {"server": {"base": 5}},
        }
    )
    assert reading.values == {"call": {}, "logs": {}, "authentication": {"server": {}}}
    assert all("left as it was" in text for text in texts(reading))
    assert len(reading.findings) == 4


def test_an_update_cannot_change_the_network():
    """Connections are made with it once; a warning says so."""
    reading = read_update({"network": {"proxy": None, "tls": False}})
    assert reading.values == {}
    assert len(reading.findings) == 2


def _with(config, path, value):
    head, _, rest = path.partition(".")
    inner = config.get(head, {})
    return {**config, head: _with(inner, rest, value) if rest else value}


def _at(values, path):
    for key in path.split("."):
        values = values[key]
    return values
