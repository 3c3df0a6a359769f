// What the test wants of a page: it fetches orders `{id, does, with}` and reports what came of each.
"use strict";

async function obey(name, object) {
  for (;;) {
    const answer = await fetch(`/orders/${name}`).catch(() => null);
    if (answer === null || answer.status === 410) return;
    if (answer.status === 200) answer.json().then((order) => carryOut(object, order));
  }
}

async function carryOut(object, order) {
  let report;
  try {
    report = {result: (await object[order.does](...order.with)) ?? null};
  } catch (error) {
    report = {error: `${error.name}: ${error.message}`};
  }
  await fetch(`/reports/${order.id}`, {method: "POST", body: JSON.stringify(report)});
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Waits until a function gives something true; what was seen last is in the failure.
async function until(what, check, limit = 12000) {
  const end = performance.now() + limit;
  let seen;
  while (performance.now() < end) {
    const found = await check((value) => { seen = value; });
    if (found) return found;
    await pause(25);
  }
  throw new Error(`${what} did not come; seen: ${JSON.stringify(seen)}`);
}
