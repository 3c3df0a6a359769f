// The yardstick: Redux and redux-saga with 20 slices, 60 takeEvery sagas and call records of 13 fields.
// Reads orders as lines of JSON, {scenario, calls, dispatches}, and answers each with {cpu}: microseconds of CPU time.
import { createInterface } from "node:readline";
import { applyMiddleware, combineReducers, legacy_createStore as createStore } from "redux";
import createSagaMiddleware from "redux-saga";
import { select, takeEvery } from "redux-saga/effects";

const SLICES = 20;
const SAGAS = 60;

function aCall(number) {
  return {
    id: `call-${number}`, order: number, direction: "outgoing", state: "Connected", from: "alice@example.com",
    to: "bob@example.com", remoteName: "Bob", startTime: 1, endTime: 0, isCaller: true, localHold: false,
    remoteHold: false, mediaId: `media-${number}`,
  };
}

function callsReducer(count) {
  const byId = {};
  for (let number = 0; number < count; number += 1) byId[`call-${number}`] = aCall(number);
  const initial = { byId, active: "call-0" };
  return (state = initial, action) => {
    switch (action.type) {
      case "call/CHANGED":
      case "call/TAKEN": {
        const call = state.byId[action.callId];
        if (call === undefined || call.state === action.state) return state;
        return { ...state, byId: { ...state.byId, [action.callId]: { ...call, state: action.state } } };
      }
      default:
        return state;
    }
  };
}

function otherReducer(number) {
  return (state = { value: 0 }, action) =>
    action.type === `slice${number}/SET` ? { ...state, value: action.value } : state;
}

function makeStore(calls, seen) {
  const reducers = { call: callsReducer(calls) };
  for (let number = 1; number < SLICES; number += 1) reducers[`slice${number}`] = otherReducer(number);
  const middleware = createSagaMiddleware();
  const store = createStore(combineReducers(reducers), applyMiddleware(middleware));
  middleware.run(function* root() {
    yield takeEvery("call/TAKEN", function* taken(action) {
      const call = yield select((state) => state.call.byId[action.callId]);
      seen.state = call.state;
    });
    for (let number = 1; number < SAGAS; number += 1) yield takeEvery(`parked/${number}`, function* parked() {});
  });
  return store;
}

const ACTIONS = {
  untaken: (callId, state) => ({ type: "call/CHANGED", callId, state }),
  taken: (callId, state) => ({ type: "call/TAKEN", callId, state }),
  unknown: (callId, state) => ({ type: "nobody/KNOWS", callId, state }),
};

const stores = new Map();

function run({ scenario, calls, dispatches }) {
  if (!stores.has(calls)) {
    const seen = {};
    stores.set(calls, { store: makeStore(calls, seen), seen });
  }
  const { store, seen } = stores.get(calls);
  const make = ACTIONS[scenario];
  const states = ["On Hold", "Connected"];
  const began = process.cpuUsage();
  for (let number = 0; number < dispatches; number += 1) {
    store.dispatch(make(`call-${(number >> 1) % calls}`, states[number & 1]));
  }
  const { user, system } = process.cpuUsage(began);
  if (scenario === "taken" && seen.state === undefined) throw new Error("the saga took nothing");
  return user + system;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify({ cpu: run(JSON.parse(line)) })}\n`);
}
