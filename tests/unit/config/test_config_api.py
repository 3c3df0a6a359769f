"""The slice, and the functions `getConfig` and `updateConfig`."""

import copy
from ssl import create_default_context

import attrs
import pytest

from rbbn_sdk.actions.config import ConfigSet, ConfigUpdated
from rbbn_sdk.actions.logs import LogHandlersChanged, LogLevelsChanged, SetLogHandler, SetLogLevel
from rbbn_sdk.api.config_records import RECORDS
from rbbn_sdk.config.option import options_of
from rbbn_sdk.effects.config import watch
from rbbn_sdk.engine import decode_action, encode_action, run_saga
from rbbn_sdk.errors import ClientDestroyed, InvalidArgument, WrongThread
from rbbn_sdk.ports import IceServer, Objects, Secrets, Server
from rbbn_sdk.reducers.config import config
from rbbn_sdk.selectors.config import (
    call_audit_interval,
    configured_peer,
    ice_check_function,
    reconnect_delay,
    rest_server,
    sdp_handlers,
)
from rbbn_sdk.types import ObjectRef, SecretRef
from rbbn_sdk.types.options import LogOptions, Options

ICE = {
    "call": {
        "defaultPeerConfig": {
            "iceServers": [
                {"urls": "stun:s.example"},
                {"urls": ["turn:t.example", "turns:t.example"], "username": "u", "credential": "hunter2"},
            ],
            "iceTransportPolicy": "relay",
        }
    }
}


def a_handler(*_arguments):
    """Stands for a function of the application."""


def another_handler(*_arguments):
    """And another."""


def test_records_have_an_attribute_for_each_option():
    """So that an option which is added to the classes cannot be forgotten in the store."""
    for section, record in RECORDS.items():
        wanted = {opt.attribute for opt in options_of(section).values()}
        assert {field.name for field in attrs.fields(record)} - {"further", "one_url"} == wanted


def test_records_and_options_have_the_same_defaults(desk):
    """They are written in two places, for the store does not know the classes."""
    options = config(desk().store.state)
    server = attrs.evolve(Options().authentication.server, base="gateway.example.com")
    websocket = attrs.evolve(Options().subscription.websocket, server="gateway.example.com")
    assert options == attrs.evolve(
        Options(),
        logs=attrs.evolve(Options().logs, handler=options.logs.handler),
        authentication=attrs.evolve(Options().authentication, server=server),
        subscription=attrs.evolve(Options().subscription, websocket=websocket),
    )


def test_the_configuration_comes_back_as_it_was_given(desk):
    """Secrets and functions included."""
    made = desk(
        ICE,
        {
            "call": {**ICE["call"], "sdpHandlers": [a_handler], "iceCollectionCheckFunction": a_handler},
            "notifications": {"pushRegistration": {"server": "push.example", "port": "8443"}},
            "network": {"proxy": "http://u:hunter2@proxy.example:3128"},
            "logs": {"logLevel": "warn", "logActions": {"handler": a_handler, "excludeActions": ["a/B"]}},
        },
    )
    shown = made.config.get_config()
    assert shown["call"]["defaultPeerConfig"] == {**ICE["call"]["defaultPeerConfig"], "sdpSemantics": "unified-plan"}
    assert shown["call"]["sdpHandlers"] == [a_handler]
    assert shown["call"]["iceCollectionCheckFunction"] is a_handler
    assert shown["notifications"]["pushRegistration"] == {"server": "push.example", "port": "8443"}
    assert shown["network"]["proxy"] == "http://u:hunter2@proxy.example:3128"
    assert shown["logs"]["logLevel"] == "WARN"
    assert shown["logs"]["logActions"]["handler"] is a_handler
    assert shown["connectivity"]["webSocketOAuthMode"] == "none"
    assert "requests" not in shown


def test_each_answer_is_a_fresh_copy(desk):
    """An application may do with it what it likes."""
    made = desk(ICE, {"call": {**ICE["call"], "unknown": [1]}})
    first = made.config.get_config("call")
    first["defaultPeerConfig"]["iceServers"].clear()
    first["unknown"].append(2)
    assert len(made.config.get_config("call")["defaultPeerConfig"]["iceServers"]) == 2
    assert made.config.getConfig("call")["unknown"] == [1]


def test_an_unknown_namespace_is_an_invalid_argument(desk):
    """The message names those there are."""
    with pytest.raises(InvalidArgument, match="'cal' is unknown; known are logs, "):
        desk().config.get_config("cal")


def test_actions_and_state_hold_references_only(desk):
    """What is logged and recorded needs no masking, and can be read again."""
    made = desk(ICE, {"network": {"proxy": "http://u:hunter2@p:1", "tls": create_default_context()}})
    made.config.update_config({"call": {"password": "hunter2", "sdpHandlers": [a_handler]}})
    for action in made.actions:
        assert "hunter2" not in repr(action) + encode_action(action).decode()
        assert decode_action(encode_action(action)) == action
    assert not any("hunter2" in repr(entry) for entry in made.entries)


def test_an_update_merges_sections_and_replaces_lists(desk):
    """And changes nothing else."""
    made = desk(ICE, {"call": {**ICE["call"], "earlyMedia": True, "sdpHandlers": [a_handler]}})
    made.config.update_config({"call": {"sdpHandlers": [another_handler], "defaultPeerConfig": {"iceServers": []}}})
    call = made.config.get_config("call")
    assert call["earlyMedia"] is True
    assert call["sdpHandlers"] == [another_handler]
    assert call["defaultPeerConfig"] == {
        "iceServers": [],
        "iceTransportPolicy": "relay",
        "sdpSemantics": "unified-plan",
    }


def test_nothing_the_application_gave_is_changed(desk):
    """Neither at creation nor by an update."""
    given = {"call": {"iceCollectionDelay": 5, "skipIceCollection": True, "defaultPeerConfig": {"iceServers": []}}}
    update = {"requests": {"restTimeout": 5}, "call": {"sdpHandlers": [], "extra": {"a": []}}}
    before = copy.deepcopy((given, update))
    made = desk(given)
    made.config.update_config(update)
    given["call"]["defaultPeerConfig"]["iceServers"].append({"urls": "stun:x"})
    update["call"]["extra"]["a"].append(1)
    assert made.config.get_config("call")["extra"] == {"a": []}
    given["call"]["defaultPeerConfig"]["iceServers"].clear()
    update["call"]["extra"]["a"].clear()
    assert (given, update) == before


def test_references_stay_when_their_values_do(desk):
    """An operation that read one before an update of something else can go on."""
    made = desk(ICE, {"call": {**ICE["call"], "sdpHandlers": [a_handler], "unknown": 1}})
    before = config(made.store.state)
    made.config.update_config({"call": {"earlyMedia": True}})
    after = config(made.store.state)
    assert after == attrs.evolve(before, call=attrs.evolve(before.call, early_media=True))
    assert made.actions[-1] == ConfigUpdated(config=after)


def test_what_an_update_replaces_is_named_to_be_freed(desk):
    """Secrets and objects that no option refers to any more."""
    made = desk(ICE, {"call": {**ICE["call"], "sdpHandlers": [a_handler, a_handler]}})
    first, second = config(made.store.state).call.sdp_handlers
    credential = config(made.store.state).call.default_peer_config.ice_servers[1].credential
    made.config.update_config({"call": {"sdpHandlers": [a_handler], "defaultPeerConfig": {"iceServers": []}}})
    assert sdp_handlers(made.store.state) == (first,)
    action = made.actions[-1]
    assert (action.replaced_objects, action.replaced_secrets) == ((second,), (credential,))


def test_replaced_references_are_freed_when_nobody_can_be_using_them():
    """A negotiation under way may have read one a moment ago."""
    secret, kept = SecretRef(id="s", kind="turn"), ObjectRef(id="o", kind="sdp_handler")
    action = ConfigUpdated(config=Options(), replaced_secrets=(secret,), replaced_objects=(kept,))
    ran = run_saga(watch(), answers={Secrets.free: None, Objects.free: None}, actions=[action])
    assert ran.slept == [10.0]
    assert ran.called == [("secrets.free", (secret,)), ("objects.free", (kept,))]


def test_none_takes_an_option_without_default_away(desk):
    """So the SDK's own function is used again."""
    made = desk({"call": {"iceCollectionCheckFunction": a_handler}})
    assert ice_check_function(made.store.state) is not None
    made.config.update_config({"call": {"iceCollectionCheckFunction": None}})
    assert ice_check_function(made.store.state) is None


def test_an_update_sets_level_and_handler_of_the_loggers_at_once(desk):
    """As an example of the documentation intends."""
    made = desk()
    entries = []
    made.config.update_config({"logs": {"logLevel": "error", "handler": entries.append}})
    made.registry.get("CALL").warn("dropped")
    made.registry.get("CALL").error("passes")
    assert [entry.messages for entry in entries] == [("passes",)]
    assert made.logger.get_level() == "ERROR"
    kinds = [type(action) for action in made.actions]
    assert kinds == [ConfigSet, ConfigUpdated, SetLogHandler, LogHandlersChanged, SetLogLevel, LogLevelsChanged]


def test_an_update_of_something_else_leaves_levels_set_at_run_time(desk):
    """They belong to the application."""
    made = desk()
    made.logger.set_level("warn", "CALL")
    made.config.update_config({"call": {"earlyMedia": True}})
    assert made.logger.get_level("CALL") == "WARN"


def test_after_destroy_an_update_does_nothing(desk):
    """As in the vendor's SDK; to read the configuration is an error then."""
    made = desk()
    made.refusals.append(ClientDestroyed("gone"))
    made.config.update_config({"call": {"earlyMedia": True}})
    assert len(made.actions) == 1
    with pytest.raises(ClientDestroyed):
        made.config.get_config()


def test_a_call_from_another_thread_is_refused(desk):
    """Whatever the guard raises but the end of the client passes through."""
    made = desk()
    made.refusals.append(WrongThread("elsewhere"))
    with pytest.raises(WrongThread):
        made.config.update_config({"call": {"earlyMedia": True}})


def test_warnings_reach_the_log(desk):
    """At creation and at an update, from the loggers that the documentation names."""
    made = desk({"logs": {"logLevel": "loud"}})
    made.config.updateConfig({"call": {"earlyMedia": "x"}})
    assert [
        (entry.target.type, entry.messages[0].partition(":")[0]) for entry in made.entries if entry.level == "WARN"
    ] == [
        ("LOGS", "logs.logLevel"),
        ("VALIDATION", "call.earlyMedia"),
    ]


def test_least_values_act_without_being_stored(desk):
    """`getConfig` shows what was given."""
    made = desk({"connectivity": {"reconnectDelay": 5}, "call": {"callAuditTimer": 5}})
    assert reconnect_delay(made.store.state) == 2000
    assert call_audit_interval(made.store.state) == 10000
    assert made.config.get_config("connectivity")["reconnectDelay"] == 5


def test_selectors_make_what_ports_take(desk):
    """And the same object again, until the configuration changes."""
    made = desk(ICE)
    state = made.store.state
    assert rest_server(state) == Server(base="gateway.example.com", port=443)
    peer = configured_peer(state)
    credential = config(state).call.default_peer_config.ice_servers[1].credential
    assert peer.ice_transport_policy == "relay"
    assert peer.ice_servers == (
        IceServer(urls=("stun:s.example",)),
        IceServer(urls=("turn:t.example", "turns:t.example"), username="u", credential=credential),
    )
    assert configured_peer(state) is peer


def test_the_settings_tell_the_adapters_what_they_need(desk):
    """Plain values: adapters are made before anything can be resolved."""
    settings = desk({"network": {"proxy": "off", "tls": "/etc/ssl/own.pem"}, "logs": {"logActions": True}}).settings
    assert (settings.proxy, settings.tls, settings.action_log_handler) == (None, "/etc/ssl/own.pem", None)


@pytest.mark.parametrize("kind", [ConfigSet, ConfigUpdated])
def test_an_equal_configuration_is_the_very_same_slice(kind):
    """So that nothing is computed anew; another one replaces the whole."""
    other = Options(logs=LogOptions(log_level="WARN"))
    set_once = config.reduce(config.initial, kind(config=other))
    assert set_once == other
    assert config.reduce(set_once, kind(config=Options(logs=LogOptions(log_level="WARN")))) is set_once
