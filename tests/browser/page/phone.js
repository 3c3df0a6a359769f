// A user of the gateway in a browser: REST by fetch, notifications by WebSocket, media by RTCPeerConnection.
"use strict";

const LOOPBACK = "127.0.0.1";
const AUDIT_MS = 25000;

class Phone {
  constructor() {
    this.calls = new Map(); // by session id
    this.notices = [];      // all that the gateway pushed, in order
    this.closed = [];       // close codes of sockets
    this.refuses = false;   // of each re-offer, as if one of our own were under way
  }

  // -- registration

  async subscribe({base, socket, username, password, authname, bearer, hmac, correlator, expires = 3600}) {
    Object.assign(this, {base, socketBase: socket, username});
    if (hmac) this.credentials = {"x-token": hmac};
    else if (bearer) this.credentials = {Authorization: `Bearer ${bearer}`};
    else this.credentials = {Authorization: `Basic ${btoa(`${authname ?? username}:${password}`)}`};
    const answer = await this.rest("POST", "subscription", {subscribeRequest: {
      expires,
      service: ["call", "IM", "Presence"],
      localization: "English_US",
      useTurn: true,
      notificationType: "WebSocket",
      supported: ["RingingFeedback"],
      ...(correlator && {clientCorrelator: correlator}),
    }});
    if (answer.status >= 300) return answer;
    const {subscription, subscriptionParams} = answer.body.subscribeResponse;
    Object.assign(this, {subscription, channel: subscriptionParams.notificationChannel});
    if (hmac) this.credentials = {"x-session": subscriptionParams.sessionId};
    if (bearer) this.channel += `?access_token=${encodeURIComponent(bearer)}`;
    await this.connect();
    this.pings = setInterval(() => this.ping(), 5000);
    return answer;
  }

  connect() {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${this.socketBase}${this.channel}`);
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error("the websocket did not open"));
      socket.onmessage = ({data}) => this.take(JSON.parse(data).notificationMessage);
      socket.onclose = ({code}) => this.closed.push(code);
      this.socket = socket;
    });
  }

  ping() {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send('{"message_type":"ping"}');
  }

  hangUpSocket() { this.socket.close(); }

  async update(service) {
    const subscribeRequest = {
      expires: 3600, service, localization: "English_US", useTurn: true, notificationType: "WebSocket",
      supported: ["RingingFeedback"],
    };
    return this.request("PUT", this.subscription, {subscribeRequest});
  }

  async unsubscribe() {
    clearInterval(this.pings);
    const answer = await this.request("DELETE", this.subscription);
    this.socket.close();
    return answer;
  }

  rest(method, resource, body) {
    return this.request(method, `/rest/version/1/user/${this.username}/${resource}`, body);
  }

  async request(method, path, body) {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: {"Content-Type": "application/json", "Accept": "application/json", ...this.credentials},
      ...(body && {body: JSON.stringify(body)}),
    });
    const text = await answer.text();
    return {
      status: answer.status, retryAfter: answer.headers.get("Retry-After"), body: text ? JSON.parse(text) : null,
    };
  }

  async control(call, type, members = {}) {
    const body = {callControlRequest: {type, ...members}};
    const answer = await this.rest("PUT", `callControl/callSessions/${call.sid}`, body);
    if (answer.status >= 300) throw new Error(`${type}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  audit(call) {
    call.audits = setInterval(() => this.control(call, "audit").catch(() => {}), AUDIT_MS);
    return this.control(call, "audit");
  }

  // -- calls

  newCall(direction, config = {}) {
    const call = {direction, state: "Initiating", config, sid: "", tracks: [], told: [], ears: [], eyes: []};
    call.pc = new RTCPeerConnection({iceServers: [], ...config.peer});
    call.pc.ontrack = ({track}) => call.tracks.push(track);
    return call;
  }

  async send(call, media) {
    const stream = await openMedia(media);
    for (const track of stream.getTracks()) {
      const free = call.pc.getTransceivers().find((one) => !one.sender.track && one.receiver.track.kind === track.kind
        && one.currentDirection !== "stopped");
      if (!free) {
        call.pc.addTrack(track, stream);
      } else {
        await free.sender.replaceTrack(track);
        free.direction = ["sendrecv", "recvonly"].includes(free.direction) ? "sendrecv" : "sendonly";
      }
    }
  }

  // What few pages offer.
  async sendMore({pc, config: {data, secondVideo, simulcast, listens}}) {
    if (listens) pc.addTransceiver("audio", {direction: "recvonly"});
    if (data) pc.createDataChannel("chat");
    if (secondVideo) pc.addTrack((await openMedia({video: true})).getTracks()[0]);
    if (simulcast) {
      const [track] = (await openMedia({video: true})).getTracks();
      const sendEncodings = [{rid: "low", scaleResolutionDownBy: 4}, {rid: "high"}];
      pc.addTransceiver(track, {direction: "sendrecv", sendEncodings});
    }
  }

  // Codecs that this side likes best come first.
  prefer(call, {audio, video, only = false} = {}) {
    for (const transceiver of call.pc.getTransceivers()) {
      const {kind} = transceiver.receiver.track;
      const liked = `${kind}/${{audio, video}[kind]}`;
      const known = RTCRtpReceiver.getCapabilities(kind).codecs;
      const first = known.filter(({mimeType}) => mimeType === liked);
      const others = only ? [] : known.filter((one) => !first.includes(one));
      if (first.length) transceiver.setCodecPreferences([...first, ...others]);
    }
  }

  // The description to send, with all candidates that are on loopback.
  async describe(call, type) {
    const {pc, config} = call;
    await pc.setLocalDescription(type === "offer" ? await pc.createOffer() : await pc.createAnswer());
    await until("the end of gathering", () => pc.iceGatheringState === "complete");
    call.sent = (config.edits ?? []).reduce((sdp, [from, to]) => sdp.replaceAll(new RegExp(from, "gm"), to),
      config.unfiltered ? pc.localDescription.sdp : onLoopback(pc.localDescription.sdp));
    return call.sent;
  }

  async make(to, media, config) {
    const call = this.newCall("outgoing", config);
    for (const kind of config?.order ?? []) call.pc.addTransceiver(kind);
    await this.send(call, media);
    await this.sendMore(call);
    this.prefer(call, config?.codecs);
    const sdp = await this.describe(call, "offer");
    const answer = await this.rest("POST", "callControl", {callControlRequest: {
      type: "callStart", to: `sip:${to}`, from: `sip:${this.username}`, sdp,
    }});
    if (answer.status !== 201) throw new Error(`callStart: ${answer.status} ${JSON.stringify(answer.body)}`);
    call.sid = answer.body.callControlResponse.sessionData;
    call.state = "Initiated";
    this.calls.set(call.sid, call);
    await this.audit(call);
    return call.sid;
  }

  // `inactive` and `stopped` are kinds of media that are turned down, in one way or the other.
  async answer(sid, media, options) {
    const call = this.calls.get(sid);
    await this.accept(call, await this.prepare(sid, media, options));
  }

  async accept(call, sdp) {
    await this.control(call, "callAnswer", {sdp});
    call.state = "Connected";
  }

  // The answer was prepared for early media before.
  acceptPrepared(sid) {
    const call = this.calls.get(sid);
    return this.accept(call, call.sent);
  }

  // An answer; the browser begins with ICE and DTLS at once.
  async prepare(sid, media, {inactive = [], stopped = [], edits, codecs} = {}) {
    const call = this.calls.get(sid);
    if (edits) call.config.edits = edits;
    for (const transceiver of call.pc.getTransceivers()) {
      if (inactive.includes(transceiver.receiver.track.kind)) transceiver.direction = "inactive";
      if (stopped.includes(transceiver.receiver.track.kind)) transceiver.stop();
    }
    await this.send(call, media);
    this.prefer(call, codecs);
    return this.describe(call, "answer");
  }

  async reject(sid) {
    const answer = await this.rest("POST", "calldisposition",
      {callDispositionRequest: {action: "reject", sessionData: sid}});
    this.over(this.calls.get(sid), "Ended");
    return answer.status;
  }

  async forward(sid, address) {
    const answer = await this.rest("POST", "calldisposition",
      {callDispositionRequest: {action: "forward", sessionData: sid, address}});
    this.over(this.calls.get(sid), "Ended");
    return answer.status;
  }

  async end(sid) {
    const answer = await this.rest("DELETE", `callControl/callSessions/${sid}`);
    this.over(this.calls.get(sid), "Ended");
    return answer.status;
  }

  // As when a page is closed in mid-call.
  vanish(sid) { this.calls.get(sid).pc.close(); }

  over(call, state) {
    call.state = state;
    clearInterval(call.audits);
    for (const one of [...call.ears, ...call.eyes]) one.close();
    for (const {track} of call.pc.getSenders()) track?.stop();
    call.pc.close();
  }

  // -- re-offers

  async reoffer(sid) {
    const call = this.calls.get(sid);
    call.busy = true;
    call.outcome = null;
    await this.control(call, "startCallUpdate", {sdp: await this.describe(call, "offer")});
  }

  async hold(sid) {
    const call = this.calls.get(sid);
    for (const transceiver of call.pc.getTransceivers()) transceiver.direction = "inactive";
    await this.reoffer(sid);
  }

  async unhold(sid) {
    const call = this.calls.get(sid);
    for (const transceiver of call.pc.getTransceivers()) {
      transceiver.direction = transceiver.sender.track ? "sendrecv" : "recvonly";
    }
    await this.reoffer(sid);
  }

  async addMedia(sid, media) {
    const call = this.calls.get(sid);
    await this.send(call, media);
    await this.reoffer(sid);
  }

  // `done`, or `refused` with the time to wait.
  async settled(sid) {
    const call = this.calls.get(sid);
    return until("the reply to a re-offer", (see) => { see(call.told); return call.outcome; });
  }

  refuseReoffers(refuses) { this.refuses = refuses; }

  // -- notifications

  take(notice) {
    this.notices.push(notice);
    const {sessionData, sdp} = notice.sessionParams ?? {};
    const handler = HANDLERS[notice.eventType];
    if (!handler) return;
    const call = this.calls.get(sessionData);
    call?.told.push(notice.eventType);
    // in order: each waits for those before it
    this.work = (this.work ?? Promise.resolve())
      .then(() => handler.call(this, call, notice, sdp))
      .catch((error) => { (call ?? this).trouble = `${notice.eventType}: ${error.message}`; });
  }

  async incoming(known, notice, sdp) {
    if (known) return;
    const call = this.newCall("incoming");
    call.sid = notice.sessionParams.sessionData;
    call.from = notice.callNotificationParams.callerDisplayNumber;
    this.calls.set(call.sid, call);
    if (sdp) await call.pc.setRemoteDescription({type: "offer", sdp});
    await this.control(call, "ringing");
    call.state = "Ringing";
    await this.audit(call);
  }

  ringing(call) { if (call?.state === "Initiated") call.state = "Ringing"; }

  async replied(call, notice, sdp) {
    if (!call) return;
    if (!sdp) {
      if (call.pc.signalingState === "have-local-offer") await call.pc.setLocalDescription({type: "rollback"});
      call.outcome = {refused: notice.statusCode, retryAfter: notice.sessionParams.retryAfter};
    } else {
      await call.pc.setRemoteDescription({type: "answer", sdp});
      call.state = "Connected";
      call.outcome = {done: true};
    }
    call.busy = false;
  }

  async updated(call, notice, sdp) {
    if (!call) return;
    if (call.busy || this.refuses) {
      await this.control(call, "respondCallUpdate", {statusCode: "491"});
      return;
    }
    await call.pc.setRemoteDescription({type: "offer", sdp});
    await this.control(call, "respondCallUpdate", {sdp: await this.describe(call, "answer")});
  }

  ended(call, notice) {
    if (!call || call.state === "Ended") return;
    call.reason = notice.sessionParams.statusCode;
    this.over(call, "Ended");
  }

  cancelled(call) { if (call?.state === "Ringing") this.over(call, "Cancelled"); }

  // -- an offer-less call, whose offer comes as the reply

  startWithoutOffer(sid) {
    const call = this.newCall("outgoing");
    Object.assign(call, {sid, state: "Initiated"});
    this.calls.set(sid, call);
  }

  async answerTo(sid, sdp, media) {
    const call = this.calls.get(sid);
    await call.pc.setRemoteDescription({type: "offer", sdp});
    await this.send(call, media);
    const answer = await this.describe(call, "answer");
    call.state = "Connected";
    return answer;
  }

  // -- what the test asks

  all() { return this.notices; }

  heard() { return this.notices.map(({eventType}) => eventType); }

  closeCodes() { return this.closed; }

  isDown() { return until("the end of the socket", () => this.socket.readyState === WebSocket.CLOSED); }

  notified(eventType, count = 1) {
    return until(eventType, (see) => {
      see(this.heard());
      return this.notices.filter((one) => one.eventType === eventType)[count - 1];
    });
  }

  // The session id of the newest call that rings here.
  rings() {
    return until("an incoming call", (see) => {
      see([this.trouble, ...[...this.calls.values()].map(({state, trouble}) => [state, trouble])]);
      return [...this.calls.values()].reverse().find((one) => one.direction === "incoming" && one.state === "Ringing")?.sid;
    });
  }

  reaches(sid, state) {
    const call = this.calls.get(sid);
    return until(state, (see) => { see([call.state, call.trouble, call.told]); return call.state === state; });
  }

  call(sid) {
    const {state, reason = null, trouble = null, told, from = null, pc} = this.calls.get(sid);
    const sections = pc.getTransceivers().map(({receiver, direction, currentDirection}) =>
      [receiver.track.kind, direction, currentDirection]);
    return {state, reason, trouble, told, from, sections, connection: pc.connectionState, ice: pc.iceConnectionState};
  }

  remoteSdp(sid) { return this.calls.get(sid).pc.remoteDescription.sdp; }
  sent(sid) { return this.calls.get(sid).sent; }

  connected(sid) {
    const {pc, trouble} = this.calls.get(sid);
    return until("the media connection", (see) => {
      see([pc.connectionState, pc.iceConnectionState, trouble]);
      return pc.connectionState === "connected";
    });
  }

  // The newest track of a kind that the other side sends.
  track(call, wanted) {
    return until(`a track of ${wanted}`, () => call.tracks.findLast(({kind}) => kind === wanted));
  }

  async hears(sid, frequency) {
    const call = this.calls.get(sid);
    await sound.resume();
    const ear = new Ear(await this.track(call, "audio"));
    call.ears.push(ear);
    return until(`a tone of ${frequency} Hz`, (see) => {
      see([ear.frequency(), sound.state]);
      return Math.abs(ear.frequency() - frequency) < 8 && ear.frequency();
    });
  }

  async sees(sid) {
    const call = this.calls.get(sid);
    const eye = new Eye(await this.track(call, "video"));
    call.eyes.push(eye);
    return until("moving pictures", (see) => { see(eye.changed()); return eye.changed() > 10 && eye.changed(); });
  }

  // What comes in now, by kind.
  async inbound(sid) {
    const found = {};
    for (const report of (await this.calls.get(sid).pc.getStats()).values()) {
      if (report.type !== "inbound-rtp") continue;
      const {packetsReceived, framesDecoded, totalSamplesReceived, totalAudioEnergy, codecId} = report;
      found[report.kind] = {packetsReceived, framesDecoded, totalSamplesReceived, totalAudioEnergy, codecId};
    }
    return found;
  }

  // Encoding parameters of the video sent, such as a smaller size.
  async changeVideo(sid, changes) {
    const sender = this.calls.get(sid).pc.getSenders().find(({track}) => track?.kind === "video");
    const parameters = sender.getParameters();
    Object.assign(parameters.encodings[0], changes);
    await sender.setParameters(parameters);
  }

  // Pictures of such a width leave.
  sends(sid, least, most) {
    return until(`pictures of width ${least} to ${most}`, async (see) => {
      const reports = [...(await this.calls.get(sid).pc.getStats()).values()];
      const sent = reports.find(({type, kind}) => type === "outbound-rtp" && kind === "video");
      see(sent?.frameWidth);
      return sent?.frameWidth >= least && sent.frameWidth <= most;
    });
  }

  // Pictures of these widths come in, the smallest first.
  widths(sid, wanted) {
    return until(`pictures of widths ${wanted}`, async (see) => {
      const reports = [...(await this.calls.get(sid).pc.getStats()).values()];
      const got = reports.filter(({type, kind}) => type === "inbound-rtp" && kind === "video");
      const found = got.map(({frameWidth}) => frameWidth).sort((one, other) => one - other);
      see(found);
      return String(found) === String(wanted) && found;
    });
  }

  async raw(sid) { return [...(await this.calls.get(sid).pc.getStats()).values()]; }

  dial(sid, tones) {
    const call = this.calls.get(sid);
    call.pc.getSenders().find(({dtmf}) => dtmf)?.dtmf.insertDTMF(tones, 100, 70);
    return until("the end of the tones", () => call.pc.getSenders().find(({dtmf}) => dtmf).dtmf.toneBuffer === "");
  }

  async silence(sid) {
    const call = this.calls.get(sid);
    call.kept = call.pc.getSenders().map((sender) => [sender, sender.track]);
    for (const [sender] of call.kept) await sender.replaceTrack(null);
  }

  async resume(sid) {
    for (const [sender, track] of this.calls.get(sid).kept) await sender.replaceTrack(track);
  }

  // The codec that comes in.
  codec(sid, kind) {
    return until(`the codec of ${kind}`, async () => {
      const stats = await this.calls.get(sid).pc.getStats();
      return stats.get((await this.inbound(sid))[kind]?.codecId)?.mimeType;
    });
  }

  // The packets of each kind that come in within so many ms.
  async flow(sid, ms = 500) {
    const before = await this.inbound(sid);
    await pause(ms);
    const after = await this.inbound(sid);
    return Object.fromEntries(Object.entries(after).map(([kind, now]) =>
      [kind, now.packetsReceived - (before[kind]?.packetsReceived ?? 0)]));
  }

  // Addresses of the pair of candidates that is used.
  async path(sid) {
    const stats = await this.calls.get(sid).pc.getStats();
    const reports = [...stats.values()];
    const transport = reports.find(({type}) => type === "transport");
    const pair = stats.get(transport.selectedCandidatePairId);
    return [stats.get(pair.localCandidateId).address, stats.get(pair.remoteCandidateId).address];
  }
}

const HANDLERS = {
  call: Phone.prototype.incoming,
  ringing: Phone.prototype.ringing,
  respondCallUpdate: Phone.prototype.replied,
  startCallUpdate: Phone.prototype.updated,
  callEnd: Phone.prototype.ended,
  callCancel: Phone.prototype.cancelled,
};

// No candidate but those on loopback, and a loopback address in the lines that hold one.
function onLoopback(sdp) {
  const lines = sdp.split("\r\n");
  const kept = lines.filter((line) => !line.startsWith("a=candidate:") || line.split(" ")[4] === LOOPBACK);
  const port = kept.find((line) => line.startsWith("a=candidate:"))?.split(" ")[5] ?? "9";
  return kept
    .map((line) => line.replace(/^c=IN IP[46] .*/, `c=IN IP4 ${LOOPBACK}`).replace(/^(m=\w+) [1-9]\d* /, `$1 ${port} `))
    .join("\r\n");
}
