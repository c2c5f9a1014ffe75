// Generated from clients/typescript/playground by "npm run playground" there. Not to be edited.

// src/runtime.ts
function defaultRuntime() {
  return {
    fetch: (url, init) => globalThis.fetch(url, init),
    get WebSocket() {
      return globalThis.WebSocket;
    },
    setTimeout: (callback, millis) => setTimeout(callback, millis),
    clearTimeout: (timer) => clearTimeout(timer),
    now: () => Date.now(),
    random: () => Math.random(),
    onWake: listenToPage
  };
}
function listenToPage(listener) {
  const page = globalThis.document;
  const visible = () => {
    if (page?.visibilityState === "visible") {
      listener(false);
    }
  };
  const online = () => listener(true);
  globalThis.addEventListener?.("online", online);
  page?.addEventListener?.("visibilitychange", visible);
  return () => {
    globalThis.removeEventListener?.("online", online);
    page?.removeEventListener?.("visibilitychange", visible);
  };
}
function newRequestId() {
  let id = "";
  for (let digit = 0; digit < 32; digit++) {
    id += Math.floor(Math.random() * 16).toString(16);
  }
  return id;
}

// src/error.ts
var RelayError = class extends Error {
  constructor(code, message, details = {}) {
    super(message, { cause: details.cause });
    this.name = "RelayError";
    this.code = code;
    this.status = details.status;
    this.problem = details.problem;
    this.reason = details.reason;
    this.earliest = details.earliest;
    this.upstreamStatus = details.upstreamStatus;
    this.retryAfterMillis = details.retryAfterMillis;
  }
};
function problemError(body, type, details) {
  const problem = String(type).split(":").pop();
  const text = (name) => typeof body[name] === "string" ? body[name] : void 0;
  const upstream = body["upstreamStatus"];
  return new RelayError(text("code") ?? problem, text("detail") ?? problem, {
    ...details,
    problem,
    reason: text("reason"),
    earliest: text("earliest"),
    upstreamStatus: typeof upstream === "number" ? upstream : void 0
  });
}
async function responseError(response) {
  const details = { status: response.status, retryAfterMillis: retryAfterMillis(response) };
  try {
    const body = await response.json();
    if (String(body["type"]).startsWith("urn:ncw-relay:")) {
      return problemError(body, body["type"], details);
    }
  } catch {
  }
  return new RelayError(`http-${response.status}`, `status ${response.status}, not from the relay`, details);
}
function retryAfterMillis(response) {
  const value = response.headers.get("Retry-After");
  if (!value) {
    return void 0;
  }
  const millis = /^\d+$/.test(value) ? Number(value) * 1e3 : Date.parse(value) - Date.now();
  return millis > 0 ? millis : void 0;
}
function isTransient(error) {
  const status = error.status;
  return status === void 0 ? error.code !== "unsupported" && error.code !== "timeout" : status === 408 || status === 425 || status === 429 || status >= 500;
}
function isPathFault(error) {
  return error.problem === void 0 && error.code !== "token";
}

// playground/src/dom.ts
function byId(id) {
  const element2 = document.getElementById(id);
  if (!element2) {
    throw new Error(`the page has no element ${id}`);
  }
  return element2;
}
function element(name, className, ...children) {
  const created = document.createElement(name);
  if (className) {
    created.className = className;
  }
  created.append(...children);
  return created;
}
function drawn(name, attributes, text = "") {
  const created = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => created.setAttribute(key, `${value}`));
  created.textContent = text;
  return created;
}
function timeText(at) {
  const date = new Date(at);
  const two = (value) => `${value}`.padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${`${date.getMilliseconds()}`.padStart(3, "0")}`;
}
function errorText(error) {
  return error instanceof Error ? error.message : `${error}`;
}
function millisText(millis) {
  return millis < 1e4 ? `${Math.round(millis)} ms` : `${(millis / 1e3).toFixed(1)} s`;
}

// playground/src/ids.ts
async function sha256(bytes) {
  return [...await digest(bytes)].map(hex).join("");
}
async function eventIdOf(body) {
  const { id } = JSON.parse(body);
  return typeof id === "string" ? id : sha256(new TextEncoder().encode(body));
}
async function idempotencyKey(deviceId, requestId) {
  const name = new TextEncoder().encode(deviceId + requestId);
  const bytes = new Uint8Array(4 + name.length);
  new DataView(bytes.buffer).setInt32(0, deviceId.length);
  bytes.set(name, 4);
  const uuid = (await digest(bytes)).slice(0, 16);
  uuid[6] = uuid[6] & 15 | 128;
  uuid[8] = uuid[8] & 63 | 128;
  const text = [...uuid].map(hex).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
async function withKey(entry) {
  if (entry.kind === "call" || entry.createdAt === void 0 || !entry.deviceId || !entry.requestId) {
    return entry;
  }
  return { ...entry, idempotencyKey: await idempotencyKey(entry.deviceId, entry.requestId) };
}
async function digest(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}

// playground/src/calls.ts
var SHOWN = 15;
var SHOWN_CHARACTERS = 1e3;
var Calls = class {
  constructor(phone, ways, numbers, redraw) {
    this.phone = phone;
    this.ways = ways;
    this.numbers = numbers;
    this.redraw = redraw;
    this.list = byId("calls");
    this.payload = byId("payload");
    /** Calls that have no request id yet, the oldest first: the client makes it. */
    this.starting = [];
    byId("call").addEventListener("click", () => void this.call(this.payload.value));
  }
  /** The network hears that the next call begins. */
  calling(requestId, node) {
    this.starting.shift()?.(requestId, node);
  }
  /** The network hears that a call's request is sent again. */
  repeating(requestId, node) {
    this.ways.repeated(requestId, node);
    this.redraw();
  }
  async call(payload) {
    const hash = await sha256(new TextEncoder().encode(payload));
    const state = element("span", "quiet", "sent");
    const answer = element("pre", "");
    const method = methodOf(payload);
    const item = element("li", "", element("div", "line", element("code", "", method || "call"), state), answer);
    this.list.prepend(item);
    [...this.list.children].slice(SHOWN).forEach((old) => old.remove());
    byId("no-calls").hidden = true;
    let id;
    const begun = Date.now();
    const watch = performance.now();
    this.starting.push((requestId, node) => {
      id = requestId;
      item.dataset["id"] = requestId;
      this.ways.called(requestId, hash, method, begun, node);
      this.redraw();
    });
    const end = (said, text, isBad, at) => {
      state.textContent = said;
      state.className = isBad ? "bad" : "good";
      answer.textContent = text.slice(0, SHOWN_CHARACTERS);
      if (id !== void 0) {
        this.ways.answered(id, said, isBad, at);
      }
      this.redraw();
    };
    try {
      const text = await this.phone.call(payload);
      const millis = performance.now() - watch;
      const at = Date.now();
      this.numbers.answered({ at, millis });
      end(`answered in ${millisText(millis)}`, text, false, at);
    } catch (error) {
      const at = Date.now();
      this.numbers.failedCalls++;
      end(error instanceof RelayError ? error.code : "failed", errorText(error), true, at);
    }
  }
};
function methodOf(payload) {
  try {
    const { method } = JSON.parse(payload);
    return typeof method === "string" ? method : "";
  } catch {
    return "";
  }
}

// src/choice.ts
var BROKEN_MILLIS = 10 * 6e4;
var MAX_CUTS = 3;
var PREFERENCE = ["websocket", "sse", "longpoll"];
var TransportChoice = class {
  constructor(runtime) {
    this.runtime = runtime;
    /** How many seconds a poll waits: less where a proxy cuts longer ones. */
    this.pollSeconds = 25;
    this.suspects = /* @__PURE__ */ new Set();
    this.brokenUntil = /* @__PURE__ */ new Map();
    this.cuts = /* @__PURE__ */ new Map();
    this.failures = 0;
  }
  /** The transport for the next connection. */
  next() {
    const usable = this.usable();
    return usable[this.failures % usable.length];
  }
  /** A connection of this transport carries messages. */
  worked(transport) {
    this.failures = 0;
    this.suspects.delete(transport);
    for (const broken of this.suspects) {
      this.brokenUntil.set(broken, this.runtime.now() + BROKEN_MILLIS);
    }
    this.suspects.clear();
  }
  /**
   * A connection ended by a fault of the path before it had worked. True when another transport should be tried at once.
   *
   * @param isSuspect whether it is likely that others work
   */
  failed(transport, isSuspect) {
    this.failures++;
    if (isSuspect && transport !== "longpoll") {
      this.suspects.add(transport);
    }
    return isSuspect && this.failures % this.usable().length > 0;
  }
  /** A connection that had worked was cut soon; the third time in a row counts as a failure. */
  cut(transport) {
    const cuts = (this.cuts.get(transport) ?? 0) + 1;
    this.cuts.set(transport, cuts % MAX_CUTS);
    return cuts >= MAX_CUTS && this.failed(transport, true);
  }
  /** A connection lasted. */
  lasted(transport) {
    this.cuts.delete(transport);
  }
  /** The network is another one, perhaps. */
  forget() {
    this.suspects.clear();
    this.brokenUntil.clear();
    this.cuts.clear();
    this.failures = 0;
    this.pollSeconds = 25;
  }
  usable() {
    return PREFERENCE.filter((one) => one === "longpoll" || !((this.brokenUntil.get(one) ?? 0) > this.runtime.now()));
  }
};

// src/fireblocks.ts
var DEVICE_MESSAGE = "NCW_DEVICE_MESSAGE";
function messageHandlers(rpc, ncw) {
  return {
    handleOutgoingMessage: async (message) => JSON.parse(await rpc(message)),
    async handleIncomingMessage(message) {
      if (!ncw || message.type !== DEVICE_MESSAGE) {
        return false;
      }
      await ncw.handleIncomingMessage(JSON.stringify(message.data));
      return true;
    }
  };
}

// src/http.ts
var Http = class {
  constructor(runtime, baseUrl, deviceId, fetchToken) {
    this.runtime = runtime;
    this.fetchToken = fetchToken;
    this.url = `${baseUrl.replace(/\/+$/, "")}/v1/devices/${encodeURIComponent(deviceId)}`;
  }
  /**
   * The response, if it is a success. A token that is refused is fetched anew, once.
   *
   * @throws RelayError
   */
  async request(path, request, signal) {
    for (let attempt = 0; ; attempt++) {
      const token = this.currentToken();
      const response = await this.send(path, request, await token, signal);
      if (response.ok) {
        return response;
      }
      const error = await responseError(response);
      if (error.status !== 401) {
        throw error;
      }
      this.forgetToken(token);
      if (attempt > 0) {
        throw error;
      }
    }
  }
  /** Fetches the token anew before the next request, if it is still this one. */
  forgetToken(token = this.token) {
    if (this.token === token) {
      this.token = void 0;
    }
  }
  currentToken() {
    this.token ??= Promise.resolve().then(this.fetchToken).catch((cause) => {
      this.token = void 0;
      throw new RelayError("token", "the token could not be fetched", { cause });
    });
    return this.token;
  }
  async send(path, request, token, signal) {
    const headers = { ...request.headers, Authorization: `Bearer ${token}` };
    const init = { method: request.method ?? "GET", headers, signal, cache: "no-store" };
    if (request.body) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(request.body);
    }
    try {
      return await this.runtime.fetch(`${this.url}/${path}`, init);
    } catch (cause) {
      throw networkError(cause);
    }
  }
};
function networkError(cause) {
  return cause instanceof RelayError ? cause : new RelayError("network", "the connection failed", { cause });
}

// src/backoff.ts
var BASE_MILLIS = 500;
var MAX_MILLIS = 3e4;
var Backoff = class {
  constructor(runtime) {
    this.runtime = runtime;
    this.attempts = 0;
  }
  /** The next wait in milliseconds. */
  next() {
    const ceiling = Math.min(MAX_MILLIS, BASE_MILLIS * 2 ** this.attempts++);
    return this.runtime.random() * ceiling;
  }
  /** The next wait is as short as the first. */
  reset() {
    this.attempts = 0;
  }
};

// src/time.ts
var Condition = class {
  constructor() {
    this.waiting = /* @__PURE__ */ new Set();
  }
  /** Ends all waits. */
  notify() {
    for (const end of [...this.waiting]) {
      end();
    }
  }
  /** Resolves at the next {@link notify}, or when the signal is aborted. */
  wait(signal) {
    return new Promise((resolve) => {
      const end = () => {
        this.waiting.delete(end);
        signal.removeEventListener("abort", end);
        resolve();
      };
      if (signal.aborted) {
        resolve();
        return;
      }
      this.waiting.add(end);
      signal.addEventListener("abort", end);
    });
  }
};
async function sleep(runtime, millis, signal, wake = new Condition()) {
  if (millis <= 0) {
    return;
  }
  const over = new AbortController();
  const timer = runtime.setTimeout(() => over.abort(), millis);
  const abort = () => over.abort();
  signal.addEventListener("abort", abort);
  if (signal.aborted) {
    abort();
  }
  await wake.wait(over.signal);
  runtime.clearTimeout(timer);
  signal.removeEventListener("abort", abort);
}
async function watched(runtime, parent, millis, work) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let stalled = false;
  let timer;
  const alive = (next = millis) => {
    runtime.clearTimeout(timer);
    timer = next > 0 && !controller.signal.aborted ? runtime.setTimeout(() => {
      stalled = true;
      abort();
    }, next) : void 0;
  };
  parent.addEventListener("abort", abort);
  try {
    if (parent.aborted) {
      abort();
    }
    alive();
    const aborted = new Condition().wait(controller.signal).then(() => Promise.reject(new RelayError("aborted", "aborted")));
    return await Promise.race([work(controller.signal, alive), aborted]);
  } catch (error) {
    throw stalled && !parent.aborted ? new RelayError("stalled", `no sign of life for ${millis} ms`) : error;
  } finally {
    parent.removeEventListener("abort", abort);
    abort();
    runtime.clearTimeout(timer);
  }
}

// src/rpc.ts
var HOLD_SECONDS = 20;
var SLACK_MILLIS = 15e3;
var DEFAULT_TIMEOUT_MILLIS = 6e4;
var MAX_TIMEOUT_MILLIS = 11e4;
var RpcCall = class {
  constructor(context, payload) {
    this.context = context;
    this.payload = payload;
    /** True when the relay has stored the call: then only the answer is asked for. */
    this.isStored = false;
    this.requestId = newRequestId();
    this.backoff = new Backoff(context.runtime);
  }
  /** Fireblocks' answer, as text. */
  async answer({ signal, timeout = DEFAULT_TIMEOUT_MILLIS }) {
    if (!(timeout > 0 && timeout <= MAX_TIMEOUT_MILLIS)) {
      throw new RangeError(`timeout must be at most ${MAX_TIMEOUT_MILLIS} ms, not ${timeout}`);
    }
    const ended2 = signal ?? new AbortController().signal;
    let last;
    try {
      return await watched(this.context.runtime, ended2, timeout, (within) => this.repeat(within, (error) => last = error));
    } catch (error) {
      if (ended2.aborted) {
        throw ended2.reason ?? new RelayError("aborted", "the call was aborted");
      }
      if (error instanceof RelayError && error.code !== "stalled") {
        throw error;
      }
      throw new RelayError("timeout", `no answer within ${timeout} ms`, { cause: last });
    }
  }
  async repeat(within, onFailure) {
    const { runtime, wake } = this.context;
    while (!within.aborted) {
      const began = runtime.now();
      try {
        const response = await this.attempt(within);
        if (response.status !== 202) {
          return response.text;
        }
        this.isStored = true;
        this.backoff.reset();
        await sleep(runtime, began + 1e3 - runtime.now(), within);
      } catch (error) {
        const failure = networkError(error);
        if (within.aborted || !isTransient(failure) || failure.problem === "rpc-failed") {
          throw failure;
        }
        onFailure(failure);
        await sleep(runtime, failure.retryAfterMillis ?? 0, within);
        await sleep(runtime, this.backoff.next(), within, wake);
      }
    }
    throw new RelayError("stalled", "the time is over");
  }
  attempt(within) {
    const { runtime, http } = this.context;
    return watched(runtime, within, HOLD_SECONDS * 1e3 + SLACK_MILLIS, async (signal, alive) => {
      void this.giveUpOnNewNetwork(signal, alive);
      const response = this.isStored ? await http.request(`rpc/${this.requestId}?wait=${HOLD_SECONDS}`, {}, signal) : await http.request(
        "rpc",
        {
          method: "POST",
          headers: { "Request-Id": this.requestId, Prefer: `respond-async, wait=${HOLD_SECONDS}` },
          body: { message: this.payload }
        },
        signal
      );
      return { status: response.status, text: await response.text() };
    });
  }
  /** A connection of the former network would not even fail for a while. */
  async giveUpOnNewNetwork(signal, alive) {
    const { wake, networks } = this.context;
    const network = networks.count;
    while (!signal.aborted && networks.count === network) {
      await wake.wait(signal);
    }
    alive(1);
  }
};

// src/acks.ts
var BATCH_MILLIS = 100;
var SEND_MILLIS = 15e3;
var LAST_SEND_MILLIS = 5e3;
var Acks = class {
  constructor(runtime, http, consumer, demanded, signal) {
    this.runtime = runtime;
    this.http = http;
    this.consumer = consumer;
    this.demanded = demanded;
    this.signal = signal;
    this.waiting = [];
    this.latest = 0;
    this.isSending = false;
    this.isInFlight = false;
    this.overHttp = (cursor) => watched(this.runtime, this.signal, SEND_MILLIS, (signal) => this.post(cursor, signal));
    this.backoff = new Backoff(runtime);
  }
  /** True while one is not stored. */
  get isPending() {
    return this.waiting.length > 0;
  }
  /** Acknowledges up to the message with this number of the app's order. */
  add(sequence, cursor) {
    if (this.signal.aborted) {
      return Promise.reject(ended());
    }
    const result = new Promise((resolve, reject) => {
      const last = this.waiting[this.waiting.length - 1];
      const isLatest = sequence > this.latest;
      if (!isLatest && !last) {
        resolve();
        return;
      }
      this.latest = Math.max(this.latest, sequence);
      this.waiting.push({ sequence: this.latest, cursor: isLatest || !last ? cursor : last.cursor, resolve, reject });
    });
    void this.send();
    return result;
  }
  /** Lets another request carry the latest one, if there is one that is not being sent; the request says if it was stored. */
  async carry(request) {
    const last = this.isInFlight ? void 0 : this.waiting[this.waiting.length - 1];
    this.isInFlight ||= last !== void 0;
    try {
      const result = await request(last?.cursor);
      this.settle(last?.sequence ?? 0);
      return result;
    } finally {
      this.isInFlight &&= last === void 0;
    }
  }
  /** Those that wait were for positions that no longer exist. */
  reject(error) {
    const failed = this.waiting;
    this.waiting = [];
    failed.forEach((one) => one.reject(error));
  }
  /** Ends it; with a signal, after a last attempt for what waits. */
  async close(within) {
    const last = this.waiting[this.waiting.length - 1];
    if (last && within) {
      try {
        await watched(this.runtime, within, LAST_SEND_MILLIS, (signal) => this.post(last.cursor, signal));
        this.settle(last.sequence);
      } catch {
      }
    }
    this.reject(ended());
  }
  async send() {
    if (this.isSending) {
      return;
    }
    this.isSending = true;
    let pause = BATCH_MILLIS;
    while (this.isPending) {
      await sleep(this.runtime, pause, this.signal);
      const last = this.waiting[this.waiting.length - 1];
      if (!last || this.signal.aborted) {
        break;
      }
      pause = this.isInFlight ? BATCH_MILLIS : await this.sendOne(last);
    }
    this.isSending = false;
  }
  /** Returns how long to wait before the next one. */
  async sendOne(last) {
    this.isInFlight = true;
    try {
      await (this.sender ?? this.overHttp)(last.cursor);
      this.settle(last.sequence);
      this.backoff.reset();
      return BATCH_MILLIS;
    } catch (error) {
      const failure = networkError(error);
      if (this.signal.aborted || isTransient(failure)) {
        return (failure.retryAfterMillis ?? 0) + this.backoff.next();
      }
      this.reject(failure);
      return 0;
    } finally {
      this.isInFlight = false;
    }
  }
  async post(ack, signal) {
    await this.http.request("acks", { method: "POST", body: { consumer: this.consumer, ack } }, signal);
  }
  settle(sequence) {
    const stored = this.waiting.filter((one) => one.sequence <= sequence);
    this.waiting = this.waiting.filter((one) => one.sequence > sequence);
    stored.forEach((one) => one.resolve());
    this.demanded.notify();
  }
};
function ended() {
  return new RelayError("aborted", "the stream has ended before the acknowledgement was stored");
}

// src/inbox.ts
var CAPACITY = 64;
var KNOWN_IDS = 1e3;
var Inbox = class {
  constructor(position) {
    /** How many messages have been accepted. */
    this.accepted = 0;
    /** True while the app waits for a message. */
    this.isAwaited = false;
    /** Notified when the app has taken a message, begins to wait for one, or has an acknowledgement stored. */
    this.demanded = new Condition();
    this.arrived = new Condition();
    this.queue = [];
    this.known = /* @__PURE__ */ new Set();
    this.position = position;
  }
  /** How many more messages fit. */
  get room() {
    return CAPACITY - this.queue.length;
  }
  /** Accepts the next message, whose position is then passed. */
  offer(message) {
    this.position = message.cursor;
    this.accepted++;
    if (this.known.has(message.id)) {
      return;
    }
    this.known.add(message.id);
    if (this.known.size > KNOWN_IDS) {
      this.known.delete(this.known.values().next().value);
    }
    this.queue.push(message);
    this.arrived.notify();
  }
  /** Passes a position at which nothing was for this consumer. */
  advance(position) {
    if (typeof position === "string") {
      this.position = position;
    }
  }
  /** Resolves when this many messages fit, or when the signal is aborted. */
  async whenRoom(signal, room = CAPACITY / 2) {
    while (this.room < room && !signal.aborted) {
      await this.demanded.wait(signal);
    }
  }
  /** Resolves when the app has taken everything and waits for more, or when the signal is aborted. */
  async whenAwaited(signal) {
    while (!this.isAwaited && !signal.aborted) {
      await this.demanded.wait(signal);
    }
  }
  /** The next message; undefined when the signal is aborted. Fails as {@link fail} says, after all messages. */
  async take(signal) {
    for (; ; ) {
      if (signal.aborted) {
        return void 0;
      }
      const message = this.queue.shift();
      this.isAwaited = !message;
      this.demanded.notify();
      if (message) {
        return message;
      }
      if (this.end) {
        throw this.end.error;
      }
      await this.arrived.wait(signal);
    }
  }
  /** No more messages come, for this reason. */
  fail(error) {
    this.end ??= { error };
    this.arrived.notify();
  }
};

// src/link.ts
var SuspectPath = class extends Error {
  constructor(error) {
    super("this transport does not work here");
    this.error = error;
  }
};

// src/longpoll.ts
var SLACK_MILLIS2 = 15e3;
var CUT_MILLIS = 3e3;
var MIN_POLL_SECONDS = 2;
async function longpoll(link) {
  const { runtime, http, inbox, acks, choice } = link;
  const began = runtime.now();
  try {
    const [page, pause] = await acks.carry((ack) => {
      const wait = ack === void 0 ? choice.pollSeconds : 0;
      const body = { consumer: link.consumer, after: inbox.position, ack, wait, limit: inbox.room };
      return watched(runtime, link.signal, wait * 1e3 + SLACK_MILLIS2, async (signal) => {
        const response = await http.request("messages:poll", { method: "POST", body }, signal);
        const isHeld = wait === 0 || runtime.now() - began > 1e3;
        return [await readPage(response), retryAfterMillis(response) ?? (isHeld ? 0 : 1e3)];
      });
    });
    link.heard();
    page.messages.forEach((message) => inbox.offer(message));
    inbox.advance(page.next);
    return page.messages.length > 0 ? 0 : pause;
  } catch (error) {
    const failure = networkError(error);
    if (!failure.problem && !link.signal.aborted && runtime.now() - began > CUT_MILLIS) {
      choice.pollSeconds = Math.max(MIN_POLL_SECONDS, choice.pollSeconds >> 1);
    }
    throw failure;
  }
}
async function readPage(response) {
  const text = await response.text();
  try {
    const page = JSON.parse(text);
    if (Array.isArray(page.messages)) {
      return page;
    }
  } catch {
  }
  throw new RelayError("malformed", "the answer is no page of messages");
}

// src/eventstream.ts
var EventParser = class {
  constructor() {
    this.rest = "";
    this.type = "";
    this.data = [];
  }
  /** The events that are complete with this piece. */
  push(piece) {
    const lines = piece.split("\n");
    lines[0] = this.rest + lines[0];
    this.rest = lines.pop();
    const events = [];
    for (const line of lines) {
      const event = this.line(line.endsWith("\r") ? line.slice(0, -1) : line);
      if (event) {
        events.push(event);
      }
    }
    return events;
  }
  line(line) {
    if (line === "") {
      const event = { type: this.type, data: this.data.join("\n") };
      this.type = "";
      this.data = [];
      return event.type ? event : void 0;
    }
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (name === "event") {
      this.type = value;
    } else if (name === "data") {
      this.data.push(value);
    }
    return void 0;
  }
};

// src/sse.ts
var FIRST_BYTE_MILLIS = 1e4;
var SILENCE_MILLIS = 35e3;
var FULL_MILLIS = 5e3;
async function sse(link) {
  try {
    return await watched(link.runtime, link.signal, FIRST_BYTE_MILLIS, async (signal, alive) => {
      const reader = await open(link, signal);
      const parser = new EventParser();
      const decoder = new TextDecoder();
      for (; ; ) {
        const { done, value } = await reader.read();
        if (done) {
          throw new RelayError("network", "the event stream was cut");
        }
        link.heard();
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          const pause = receive(link, event);
          if (pause !== void 0) {
            return pause;
          }
          if (link.inbox.room === 0) {
            alive(0);
            if (!await hasRoomSoon(link, signal)) {
              return 0;
            }
          }
        }
        alive(SILENCE_MILLIS);
      }
    });
  } catch (error) {
    const failure = networkError(error);
    const isBlocked = !failure.problem && failure.status !== void 0 && failure.status < 500;
    throw isBlocked || failure.code === "stalled" || failure.code === "unsupported" ? new SuspectPath(failure) : failure;
  }
}
async function open(link, signal) {
  const query = [
    ["consumer", link.consumer],
    ["after", link.inbox.position]
  ].filter(([, value]) => value !== void 0).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  const response = await link.http.request(`stream?${query}`, { headers: { Accept: "text/event-stream" } }, signal);
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    throw new RelayError("unsupported", "the answer is no event stream");
  }
  if (!response.body?.getReader) {
    throw new RelayError("unsupported", "fetch cannot read a stream here");
  }
  return response.body.getReader();
}
function receive(link, event) {
  switch (event.type) {
    case "message":
      link.inbox.offer(parse(event));
      return void 0;
    case "caught_up":
      link.inbox.advance(parse(event)["next"]);
      return void 0;
    case "reconnect":
      return Number(parse(event)["retryAfterMillis"]) || 0;
    case "reset":
      throw problemError(parse(event), "position-gone", { status: 410 });
    case "superseded":
      throw problemError({ detail: "superseded by a newer connection of this consumer" }, "superseded", { status: 409 });
    case "forbidden":
      throw problemError({ detail: "the device belongs to another user" }, "foreign-device", { status: 403 });
    default:
      return void 0;
  }
}
function parse(event) {
  return JSON.parse(event.data);
}
async function hasRoomSoon(link, signal) {
  await watched(link.runtime, signal, FULL_MILLIS, (over) => link.inbox.whenRoom(over)).catch(() => void 0);
  return link.inbox.room > 0;
}

// src/websocket.ts
var PROTOCOL = "ncw.relay.v1+json";
var OPEN_MILLIS = 1e4;
var SILENCE_MILLIS2 = 6e4;
var MISSED_MILLIS = 1e4;
var CONFIRM_MILLIS = 15e3;
var DEFAULT_WINDOW = 256;
var CREDIT_PORTION = 16;
var CLOSED = {
  1013: ["unavailable", 503],
  4400: ["bad-request", 400],
  4403: ["foreign-device", 403],
  4409: ["superseded", 409],
  4429: ["too-many-connections", 429]
};
async function websocket(link) {
  const { runtime, http } = link;
  const open2 = link.webSocket ?? runtime.WebSocket;
  if (!open2) {
    throw new SuspectPath(new RelayError("unsupported", "there is no WebSocket here"));
  }
  return watched(runtime, link.signal, OPEN_MILLIS, async (signal, alive) => {
    const response = await http.request("tickets", { method: "POST" }, signal);
    const { ticket } = await response.json();
    const url = `${http.url.replace(/^http/, "ws")}/ws?ticket=${encodeURIComponent(ticket)}`;
    return new SocketSession(link, new open2(url, PROTOCOL), signal, alive).run();
  }).catch((error) => {
    throw error instanceof RelayError && error.code === "stalled" ? new SuspectPath(error) : error;
  });
}
var SocketSession = class {
  constructor(link, socket, signal, alive) {
    this.link = link;
    this.socket = socket;
    this.signal = signal;
    this.alive = alive;
    this.acked = /* @__PURE__ */ new Map();
    /** Cursors of this connection's messages that are not acknowledged; the relay's window bounds them. */
    this.unacknowledged = [];
    this.window = DEFAULT_WINDOW;
    this.isHeard = false;
    this.credit = link.inbox.room;
  }
  async run() {
    const { socket, signal } = this;
    const result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const abort = () => this.reject(networkError());
    signal.addEventListener("abort", abort);
    if (signal.aborted) {
      abort();
    }
    socket.onopen = () => this.hello();
    socket.onmessage = (event) => this.receive(String(event.data));
    socket.onclose = (event) => this.closed(event.code);
    socket.onerror = () => {
    };
    try {
      return await result;
    } finally {
      signal.removeEventListener("abort", abort);
      this.link.acks.sender = void 0;
      this.acked.forEach((one) => one.reject(networkError()));
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = () => {
      };
      socket.close();
    }
  }
  hello() {
    const { consumer, inbox, acks } = this.link;
    this.send({ type: "hello", consumer, after: inbox.position, credit: this.credit });
    acks.sender = (cursor) => this.acknowledge(cursor);
    void this.followDemand();
    void this.probe();
  }
  /** Resolves when the relay has confirmed it. A socket on which it does not is dead. */
  async acknowledge(cursor) {
    const confirmed = new Promise((resolve, reject) => this.acked.set(cursor, { resolve, reject }));
    this.send({ type: "ack", ack: cursor });
    try {
      await watched(this.link.runtime, this.signal, CONFIRM_MILLIS, () => confirmed);
    } catch (error) {
      this.reject(networkError(error));
      throw error;
    }
  }
  receive(text) {
    try {
      const message = JSON.parse(text);
      this.isHeard = true;
      this.alive(0);
      this.link.heard();
      this.handle(message);
    } catch (error) {
      this.reject(error);
    }
  }
  handle(message) {
    const { inbox } = this.link;
    switch (message["type"]) {
      case "welcome":
        this.window = Number(message["window"]) || DEFAULT_WINDOW;
        break;
      case "msg":
        this.accept(message["message"]);
        break;
      case "caught_up":
        inbox.advance(message["next"]);
        break;
      case "acked":
        this.confirm(String(message["ack"]));
        break;
      case "reset":
        throw problemError(message, "position-gone", { status: 410 });
      case "error":
        this.refusal = message;
        break;
      default:
    }
  }
  accept(message) {
    if (this.credit-- <= 0) {
      throw new RelayError("malformed", "more messages than were asked for");
    }
    this.unacknowledged.push(message.cursor);
    this.link.inbox.offer(message);
    this.grantCredit();
  }
  confirm(cursor) {
    this.unacknowledged.splice(0, this.unacknowledged.indexOf(cursor) + 1);
    this.acked.get(cursor)?.resolve();
    this.acked.delete(cursor);
  }
  /**
   * The relay sends no more than a window of unacknowledged messages. An app that goes on without acknowledging gets a new
   * window with a new connection, so that it is served as on other transports.
   */
  async followDemand() {
    const { inbox, acks } = this.link;
    while (!this.signal.aborted) {
      this.grantCredit();
      if (inbox.isAwaited && this.unacknowledged.length >= this.window && !acks.isPending) {
        this.resolve(0);
        return;
      }
      await inbox.demanded.wait(this.signal);
    }
  }
  /** Lets the relay send as much as the app has made room for, in portions. */
  grantCredit() {
    const room = this.link.inbox.room - this.credit;
    if (room >= CREDIT_PORTION) {
      this.credit += room;
      this.send({ type: "credit", n: room });
    }
  }
  /** Finds a socket that is dead, or held back by a proxy: it is silent, though there is a message. */
  async probe() {
    const { runtime, inbox } = this.link;
    while (!this.signal.aborted) {
      const { position, accepted } = inbox;
      await sleep(runtime, SILENCE_MILLIS2, this.signal);
      const mayReceive = this.credit > 0 && this.unacknowledged.length < this.window;
      if (this.signal.aborted || !mayReceive || inbox.accepted !== accepted || position !== inbox.position) {
        continue;
      }
      try {
        if (await this.hasMissed()) {
          await sleep(runtime, MISSED_MILLIS, this.signal);
          if (inbox.accepted === accepted) {
            this.reject(new SuspectPath(new RelayError("stalled", "the WebSocket holds messages back")));
          }
        }
      } catch (error) {
        this.reject(networkError(error));
      }
    }
  }
  async hasMissed() {
    const { runtime, http, consumer, inbox } = this.link;
    if (inbox.position === void 0) {
      return false;
    }
    const named = consumer === void 0 ? "" : `&consumer=${encodeURIComponent(consumer)}`;
    const path = `messages?wait=0&limit=1&after=${encodeURIComponent(inbox.position)}${named}`;
    return watched(runtime, this.signal, OPEN_MILLIS, async (signal) => {
      const page = await (await http.request(path, {}, signal)).json();
      return page.messages.length > 0;
    });
  }
  closed(code) {
    if (code === 1012) {
      this.resolve(0);
      return;
    }
    if (code === 4401) {
      this.link.http.forgetToken();
      this.resolve(0);
      return;
    }
    const detail = `the WebSocket was closed with code ${code}`;
    const [problem, status] = CLOSED[code] ?? [];
    if (problem) {
      this.reject(problemError({ detail, ...this.refusal }, this.refusal?.["problem"] ?? problem, { status }));
      return;
    }
    const failure = new RelayError("network", detail);
    this.reject(this.isHeard || code > 4e3 ? failure : new SuspectPath(failure));
  }
  send(message) {
    try {
      this.socket.send(JSON.stringify(message));
    } catch {
    }
  }
};

// src/stream.ts
var GOOD_MILLIS = 1e4;
var CUT_MILLIS2 = 3e4;
var FRESH_MILLIS = 2e4;
var TRANSPORTS = { websocket, sse, longpoll };
var Follower = class {
  constructor(context, options) {
    this.context = context;
    this.options = options;
    this.stop = new AbortController();
    this.taken = 0;
    this.heardAt = 0;
    const { runtime, http, consumer } = context;
    this.inbox = new Inbox(options.after);
    this.backoff = new Backoff(runtime);
    this.acks = new Acks(runtime, http, consumer, this.inbox.demanded, this.stop.signal);
  }
  /** Yields the messages until the signal is aborted or the stream fails. */
  async *messages() {
    const { signal } = this.options;
    const abort = () => this.stop.abort();
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) {
      abort();
    }
    const running = this.run().catch((error) => this.inbox.fail(error));
    try {
      for (; ; ) {
        const message = await this.inbox.take(this.stop.signal);
        if (!message) {
          return;
        }
        const sequence = ++this.taken;
        yield { ...message, ack: () => quietly(this.acks.add(sequence, message.cursor)) };
      }
    } finally {
      const isAborted = this.stop.signal.aborted;
      abort();
      signal?.removeEventListener("abort", abort);
      await running;
      await this.acks.close(isAborted ? void 0 : signal ?? new AbortController().signal);
    }
  }
  async run() {
    const stopped = this.stop.signal;
    while (!stopped.aborted) {
      await this.inbox.whenRoom(stopped);
      const delays = stopped.aborted ? void 0 : await this.connectOnce();
      if (delays) {
        await sleep(this.context.runtime, delays.atLeast, stopped);
        await sleep(this.context.runtime, delays.jitter, stopped, this.context.wake);
      }
    }
  }
  /** Returns how long to wait before the next connection: the relay's wish, and a time that ends when it is woken. */
  async connectOnce() {
    const { runtime, choice } = this.context;
    const chosen = this.options.transport ?? "auto";
    const name = chosen === "auto" ? choice.next() : chosen;
    const began = runtime.now();
    const accepted = this.inbox.accepted;
    const connection = new AbortController();
    let isWorking = false;
    const link = {
      ...this.context,
      inbox: this.inbox,
      acks: this.acks,
      signal: connection.signal,
      heard: () => {
        this.heardAt = runtime.now();
        if (!isWorking) {
          isWorking = true;
          choice.worked(name);
        }
      }
    };
    this.heardAt = began;
    const unlink = this.endWith(connection);
    const isGood = () => this.inbox.accepted > accepted || runtime.now() - began > GOOD_MILLIS;
    try {
      const pause = await TRANSPORTS[name](link);
      if (isGood() || name === "longpoll" && isWorking) {
        this.backoff.reset();
        return { atLeast: pause, jitter: pause / 2 * runtime.random() };
      }
      this.context.http.forgetToken();
      return { atLeast: pause, jitter: this.backoff.next() };
    } catch (error) {
      const isSuspect = error instanceof SuspectPath;
      const failure = networkError(isSuspect ? error.error : error);
      if (this.stop.signal.aborted || connection.signal.aborted) {
        return { atLeast: 0, jitter: 0 };
      }
      if (isGood()) {
        this.backoff.reset();
      }
      if (failure.problem === "position-gone") {
        await this.decide(failure);
        return { atLeast: 0, jitter: this.backoff.next() };
      }
      const hasOther = chosen === "auto" && isPathFault(failure) && this.blame(name, isSuspect, isWorking, runtime.now() - began);
      if (!isTransient(failure) && !hasOther) {
        throw failure;
      }
      const delays = { atLeast: failure.retryAfterMillis ?? 0, jitter: hasOther ? 0 : this.backoff.next() };
      this.options.onRetry?.(failure, delays.atLeast + delays.jitter);
      return delays;
    } finally {
      unlink();
      connection.abort();
    }
  }
  /** True when another transport should be tried at once. */
  blame(name, isSuspect, isWorking, lived) {
    const { choice } = this.context;
    if (isSuspect || !isWorking) {
      return choice.failed(name, isSuspect);
    }
    if (lived > CUT_MILLIS2) {
      choice.lasted(name);
      return false;
    }
    return choice.cut(name);
  }
  /** Ends the connection with the stream, and when something wakes the client while the connection may be dead. */
  endWith(connection) {
    const { runtime, wake, networks } = this.context;
    const network = networks.count;
    const abort = () => connection.abort();
    this.stop.signal.addEventListener("abort", abort);
    const listen = async () => {
      while (!connection.signal.aborted) {
        await wake.wait(connection.signal);
        if (networks.count > network || runtime.now() - this.heardAt > FRESH_MILLIS) {
          abort();
        }
      }
    };
    void listen();
    return () => this.stop.signal.removeEventListener("abort", abort);
  }
  async decide(failure) {
    const gap = { reason: failure.reason ?? "retention", earliest: failure.earliest ?? "earliest" };
    await this.inbox.whenAwaited(this.stop.signal);
    if (this.stop.signal.aborted) {
      return;
    }
    if (gap.reason === "foreign" || gap.reason === "generation") {
      this.acks.reject(failure);
    }
    if (await this.options.onGap(gap) !== "continue") {
      throw failure;
    }
    this.inbox.position = gap.earliest;
  }
};
function quietly(promise) {
  promise.catch(() => {
  });
  return promise;
}

// src/client.ts
var RelayClient = class {
  constructor(options) {
    this.uses = 0;
    const { baseUrl, deviceId, token, consumer, webSocket, runtime = defaultRuntime() } = options;
    this.context = {
      runtime,
      http: new Http(runtime, baseUrl, deviceId, token),
      consumer,
      webSocket,
      choice: new TransportChoice(runtime),
      wake: new Condition(),
      networks: { count: 0 }
    };
  }
  /**
   * The messages of the device, in order, none left out and none twice. It connects when the iteration begins, goes on over
   * lost connections, and holds the relay back while the app is busy. Leaving the loop closes everything, after a last
   * attempt to send what was acknowledged. To end it while it waits for a message, abort the signal.
   *
   * A message that was not acknowledged comes again in the next iteration, unless that begins at a later cursor.
   *
   * @throws RelayError (by the iteration) `superseded` when a newer connection of the same consumer has taken over,
   *     `position-gone` when `onGap` decides to stop, and what else cannot be recovered from: `unauthorized`,
   *     `foreign-device`, `unknown-device`, `bad-request`, `too-many-consumers`
   */
  messages(options) {
    if (typeof options?.onGap !== "function") {
      throw new TypeError("onGap is expected: what to do when messages are missing");
    }
    return this.follow(options);
  }
  async *follow(options) {
    this.enter();
    try {
      yield* new Follower(this.context, options).messages();
    } finally {
      this.leave();
    }
  }
  /**
   * Sends a payload of the SDK to Fireblocks and returns the answer as it came, Fireblocks' errors included. A lost
   * connection repeats the request with the same request id, so that nothing runs twice.
   *
   * @throws RelayError with the relay's code when there is no answer of Fireblocks, `timeout` when the time is over
   */
  async rpc(payload, options = {}) {
    this.enter();
    try {
      return await new RpcCall(this.context, payload).answer(options);
    } finally {
      this.leave();
    }
  }
  fireblocksMessages(ncw) {
    return messageHandlers((payload) => this.rpc(payload), ncw);
  }
  /**
   * The network is another one, or is back: ends waits for the next attempt, and replaces connections. Browsers say so by
   * themselves; a React Native app calls it when it becomes active or is online again.
   */
  wake() {
    this.wakeUp(true);
  }
  wakeUp(isNewNetwork) {
    if (isNewNetwork) {
      this.context.networks.count++;
      this.context.choice.forget();
    }
    this.context.wake.notify();
  }
  enter() {
    if (this.uses++ === 0) {
      this.stopListening = this.context.runtime.onWake((isNewNetwork) => this.wakeUp(isNewNetwork));
    }
  }
  leave() {
    if (--this.uses === 0) {
      this.stopListening?.();
    }
  }
};

// playground/src/nodes.ts
var Nodes = class {
  /**
   * @param urls their addresses
   * @param takeTurns whether each request goes to the next node
   */
  constructor(urls, takeTurns) {
    this.urls = urls;
    this.takeTurns = takeTurns;
    this.turn = 0;
  }
  get count() {
    return this.urls.length;
  }
  /** The address of the first, for a client that knows of one. */
  get first() {
    return this.urls[0];
  }
  /** The same request at the node whose turn it is. */
  next(url) {
    if (this.count < 2) {
      return { url };
    }
    const node = this.turn % this.count + 1;
    if (this.takeTurns()) {
      this.turn++;
    }
    const target = new URL(url);
    const { hostname, port } = new URL(this.urls[node - 1]);
    target.hostname = hostname;
    target.port = port;
    return { url: target.href, node };
  }
  /** A connection to this node failed. */
  failed(node) {
    if (node !== void 0 && this.turn % this.count + 1 === node) {
      this.turn++;
    }
  }
};
function nodeText(before, nodes) {
  const known = nodes.filter((node) => node !== void 0);
  return known.length === 0 ? "" : ` ${before} node ${known.join(", then node ")}`;
}

// playground/src/phone.ts
var CONSUMER = "phone";
var TRANSPORT_TEXT = {
  websocket: "WebSocket",
  sse: "server-sent events",
  longpoll: "long polling"
};
var Phone = class {
  constructor(identity, nodes, simulator, network, listener) {
    this.identity = identity;
    this.nodes = nodes;
    this.simulator = simulator;
    this.network = network;
    this.listener = listener;
    this.tokens = 0;
    this.gaps = 0;
    this.client = new RelayClient({
      baseUrl: nodes.first,
      deviceId: identity.deviceId,
      consumer: CONSUMER,
      token: () => this.fetchToken(),
      runtime: network.runtime
    });
  }
  get isRunning() {
    return this.running !== void 0;
  }
  /** Registers the device, which the wallet vendor's backend does with a token of its own. */
  async register() {
    const { deviceId, walletId, userId } = this.identity;
    const backend = await this.simulator.token("backend", "devices:write");
    const { url, node } = this.nodes.next(`${this.nodes.first}/v1/devices/${encodeURIComponent(deviceId)}`);
    const response = await fetch(url, {
      method: "PUT",
      headers: { Authorization: `Bearer ${backend}`, "Content-Type": "application/json" },
      body: JSON.stringify({ walletId, userId })
    }).catch((error) => {
      this.nodes.failed(node);
      throw error;
    });
    if (!response.ok) {
      throw new Error(`the relay answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    }
  }
  /** Receives until it is disconnected, or until another tab has taken over. */
  async connect(transport) {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.listener.state("connecting", "connecting");
    let end = ["off", "not connected"];
    try {
      const messages = this.client.messages({
        transport,
        signal: running.signal,
        onGap: async () => {
          this.gaps++;
          return "continue";
        },
        onRetry: (error, millis) => {
          const seconds = (millis / 1e3).toFixed(1);
          this.listener.state("waiting", `connection lost (${error.code}), next attempt in ${seconds} s`);
        }
      });
      for await (const message of messages) {
        this.listener.message(message);
      }
    } catch (error) {
      end = ["ended", endText(error)];
    }
    if (this.running === running) {
      this.running = void 0;
      this.listener.state(...end);
    }
  }
  disconnect() {
    this.running?.abort();
  }
  /** The network hears that a request for messages is sent. */
  asking(transport, node) {
    if (this.running && transport === "longpoll") {
      this.connected(transport, node);
    }
  }
  /** The network hears that a connection works. */
  connected(transport, node) {
    this.way = TRANSPORT_TEXT[transport] + nodeText("from", [node]);
    if (this.running) {
      this.listener.state("connected", `connected by ${TRANSPORT_TEXT[transport]}${nodeText("to", [node])}`);
    }
  }
  /** Sends a payload to Fireblocks; the answer is the text that came back. */
  call(payload) {
    return this.client.rpc(payload);
  }
  goOffline() {
    this.network.goOffline();
  }
  comeBack() {
    this.network.comeBack();
    this.client.wake();
  }
  /** Replaces the token by one that has expired, and cuts the connection, so that the next request shows it. */
  async expireToken() {
    const expired = await this.simulator.token(this.identity.userId, "", -600);
    if (this.token !== void 0) {
      this.network.replaceToken(this.token, expired);
    }
    this.network.cut();
  }
  async fetchToken() {
    this.tokens++;
    this.token = await this.simulator.token(this.identity.userId, "");
    return this.token;
  }
};
function endText(error) {
  if (!(error instanceof RelayError)) {
    return `ended: ${error}`;
  }
  switch (error.code) {
    case "superseded":
      return "superseded: another tab receives the messages now";
    case "unknown-device":
      return "the relay does not know this device: register it";
    default:
      return `ended: ${error.code}, ${error.message}`;
  }
}

// playground/src/webhook.ts
var STATUSES = [
  "SUBMITTED",
  "PENDING_AUTHORIZATION",
  "PENDING_SIGNATURE",
  "BROADCASTING",
  "CONFIRMING",
  "COMPLETED",
  "CANCELLED",
  "REJECTED",
  "FAILED"
];
function isTransaction(type) {
  return /transaction/i.test(type) && !/network_records|travel_rule/.test(type);
}
function webhookFor(identity, type, status) {
  const about = { type, walletId: identity.walletId };
  if (type === "NCW_DEVICE_MESSAGE") {
    return { ...about, deviceId: identity.deviceId, physicalDeviceId: CONSUMER };
  }
  if (isTransaction(type)) {
    return { ...about, transactionId: crypto.randomUUID(), status };
  }
  return /device/i.test(type) ? { ...about, deviceId: crypto.randomUUID() } : about;
}
function answerFor(choice) {
  switch (choice) {
    case "hold":
      return { holdSeconds: 10 };
    case "error":
      return { error: { message: "Unexpected physicalDeviceId", code: -1 } };
    case "cut":
      return { cut: "reset" };
    default:
      return { status: Number(choice) };
  }
}

// playground/src/fireblocks.ts
var PREFERRED = "transaction.status.updated";
var FireblocksPanel = class {
  constructor(simulator, settings, identity, ways, numbers, redraw) {
    this.simulator = simulator;
    this.settings = settings;
    this.identity = identity;
    this.ways = ways;
    this.numbers = numbers;
    this.redraw = redraw;
    this.version = byId("version");
    this.type = byId("type");
    this.status = byId("status");
    this.status.replaceChildren(...STATUSES.map((status) => element("option", "", status)));
    this.status.value = "PENDING_SIGNATURE";
    this.version.addEventListener("change", () => this.offerTypes());
    this.type.addEventListener("change", () => this.offerStatus());
    this.offerTypes();
    this.onClick("send", "sent", () => this.send(false));
    this.onClick("send-forged", "sent", () => this.send(true));
    this.onClick("send-twice", "sent", () => this.sendTwice());
    this.onClick("set-answer", "answer-state", () => this.arrange());
    this.onClick("reset-answer", "answer-state", async () => {
      await simulator.resetAnswers();
      return "Calls are answered as usual.";
    });
  }
  /** What the click does is said in the element with the other id. */
  onClick(id, result, action) {
    byId(id).addEventListener("click", () => {
      action().catch((error) => `failed: ${errorText(error)}`).then((text) => byId(result).textContent = text);
    });
  }
  offerTypes() {
    const types = this.version.value === "v1" ? this.settings.v1 : this.settings.v2;
    this.type.replaceChildren(...types.map((type) => element("option", "", type)));
    this.type.value = types.includes(PREFERRED) ? PREFERRED : types.find(isTransaction) ?? types[0] ?? "";
    this.offerStatus();
  }
  offerStatus() {
    this.status.disabled = !isTransaction(this.type.value);
  }
  order() {
    return webhookFor(this.identity, this.type.value, this.status.value);
  }
  async send(isForged) {
    const sent = await this.simulator.send({ ...this.order(), ...isForged ? { forged: true } : {} });
    await this.note(sent, isForged);
    return inWords(sent);
  }
  async sendTwice() {
    const first = await this.simulator.send(this.order());
    await this.note(first, false);
    const second = await this.simulator.repeat(first.body);
    await this.note(second, false);
    return `${inWords(first)}; the same again: ${inWords(second)}`;
  }
  async note(sent, isForged) {
    const id = await eventIdOf(sent.body);
    const attempt = sent.attempts[0];
    if (attempt) {
      const startedAt = Date.parse(attempt.startedAt);
      const status = attempt.status === void 0 ? {} : { status: attempt.status };
      this.ways.sent(id, this.type.value, { startedAt, millis: attempt.millis, isForged, ...status });
      this.numbers.sent(id, startedAt, attempt.status === 200);
    }
    this.redraw();
  }
  async arrange() {
    const select = byId("answer");
    await this.simulator.answerNext(answerFor(select.value));
    return `The next call is ${select.selectedOptions[0]?.textContent}.`;
  }
};
function inWords(sent) {
  const attempt = sent.attempts[0];
  return attempt?.status === void 0 ? `no answer (${attempt?.failure ?? "not sent"})` : `answered ${attempt.status} after ${millisText(attempt.millis)}`;
}

// playground/src/identity.ts
var KEY = "ncw-relay-playground-phone";
function keptIdentity(store) {
  try {
    const kept = JSON.parse(store.getItem(KEY) ?? "");
    if (kept.deviceId && kept.walletId && kept.userId) {
      return kept;
    }
  } catch {
  }
  return newIdentity(store);
}
function newIdentity(store) {
  const deviceId = crypto.randomUUID();
  const identity = { deviceId, walletId: crypto.randomUUID(), userId: `playground-${deviceId}` };
  store.setItem(KEY, JSON.stringify(identity));
  return identity;
}

// playground/src/messages.ts
var SHOWN2 = 30;
var Messages = class {
  constructor(ways, numbers, way, redraw) {
    this.ways = ways;
    this.numbers = numbers;
    this.way = way;
    this.redraw = redraw;
    this.list = byId("messages");
    this.automatic = byId("auto-ack");
    /** Those without an acknowledgement, the oldest first. */
    this.open = [];
  }
  add(message) {
    const at = Date.now();
    this.ways.received(message.id, message.type, at, this.way() ?? "the client");
    this.numbers.received(message.id, at);
    this.show(message, at);
    this.redraw();
  }
  show(message, at) {
    const { status } = message.data ?? {};
    const button = element("button", "", "Acknowledge");
    button.type = "button";
    const state = element("span", "quiet", "");
    const text = typeof status === "string" ? `${message.type} ${status}` : message.type;
    const line = element("div", "line", element("code", "", text), button);
    const item = element("li", "", line, element("div", "quiet", `${timeText(at)} `, state));
    item.dataset["id"] = message.id;
    this.list.prepend(item);
    [...this.list.children].slice(SHOWN2).forEach((old) => old.remove());
    byId("no-messages").hidden = true;
    this.open.push({
      id: message.id,
      settle: (said) => {
        button.remove();
        state.textContent = said;
      }
    });
    button.addEventListener("click", () => void this.acknowledge(message));
    if (this.automatic.checked) {
      void this.acknowledge(message);
    }
  }
  /** Acknowledges the message and all before it. */
  async acknowledge(message) {
    const upTo = this.open.findIndex(({ id }) => id === message.id);
    const acked = this.open.splice(0, upTo + 1);
    const at = Date.now();
    acked.forEach(({ id, settle }) => {
      this.ways.acked(id, at);
      settle("acknowledged");
    });
    this.redraw();
    try {
      await message.ack();
      acked.forEach(({ id, settle }) => {
        this.ways.stored(id, Date.now());
        settle("acknowledged and stored");
      });
      this.numbers.acknowledged += acked.length;
    } catch {
      acked.forEach(({ settle }) => settle("not stored: the message comes again"));
    }
    this.redraw();
  }
};

// playground/src/network.ts
var PhoneNetwork = class {
  constructor(real, listener, nodes) {
    this.real = real;
    this.listener = listener;
    this.nodes = nodes;
    this.counts = { requests: 0, sockets: 0, refusedTokens: 0, cuts: 0, answered: /* @__PURE__ */ new Map() };
    this.online = true;
    this.cutter = new AbortController();
    this.sockets = /* @__PURE__ */ new Set();
    /** The request ids of calls, and whether they have left the phone. */
    this.sentCalls = /* @__PURE__ */ new Map();
  }
  get isOnline() {
    return this.online;
  }
  /** What the client is given in place of the browser's functions. */
  get runtime() {
    const open2 = (url, protocol) => this.open(url, protocol);
    return {
      fetch: (url, init) => this.fetch(url, init),
      // A constructor that returns another object.
      WebSocket: function(url, protocol) {
        return open2(url, protocol);
      },
      setTimeout: (callback, millis) => this.real.setTimeout(callback, millis),
      clearTimeout: (timer) => this.real.clearTimeout(timer),
      now: () => this.real.now(),
      random: () => this.real.random(),
      onWake: (listener) => this.real.onWake(listener)
    };
  }
  /** Ends every connection without a word, as a tunnel or a lift does. */
  cut() {
    this.counts.cuts++;
    this.drop();
  }
  goOffline() {
    this.online = false;
    this.drop();
  }
  comeBack() {
    this.online = true;
  }
  /** From now on requests with this token carry the expired one. */
  replaceToken(good, expired) {
    this.replaced = { good, expired };
  }
  drop() {
    this.cutter.abort(new TypeError("the connection was cut"));
    this.cutter = new AbortController();
    this.sockets.forEach((socket) => socket.cut());
    this.sockets.clear();
  }
  async fetch(asked, init) {
    const { url, node } = this.target(asked);
    const headers = { ...init.headers };
    this.noticeCall(url, headers, node);
    if (!this.online) {
      throw new TypeError("the phone is offline");
    }
    if (this.replaced && headers["Authorization"] === `Bearer ${this.replaced.good}`) {
      headers["Authorization"] = `Bearer ${this.replaced.expired}`;
    }
    this.counts.requests++;
    const transport = transportOf(url);
    if (transport) {
      this.listener.asking(transport, node);
    }
    const signals = [init.signal, this.cutter.signal].filter((signal) => signal instanceof AbortSignal);
    const cut = this.cutter.signal;
    const response = await this.real.fetch(url, { ...init, headers, signal: AbortSignal.any(signals) }).catch((error) => {
      if (!cut.aborted && !init.signal?.aborted) {
        this.nodes.failed(node);
      }
      throw error;
    });
    this.answeredBy(node);
    if (response.status === 401) {
      this.counts.refusedTokens++;
    }
    if (response.ok && transport) {
      this.listener.connected(transport, node);
    }
    return response;
  }
  /** What does not leave the phone takes no turn. */
  target(url) {
    return this.online ? this.nodes.next(url) : { url };
  }
  answeredBy(node) {
    if (node !== void 0) {
      this.counts.answered.set(node, (this.counts.answered.get(node) ?? 0) + 1);
    }
  }
  noticeCall(url, headers, node) {
    const id = headers["Request-Id"];
    if (id === void 0 || !url.endsWith("/rpc")) {
      return;
    }
    const sent = this.sentCalls.get(id);
    if (sent === void 0) {
      this.listener.calling(id, node);
    } else if (sent && this.online) {
      this.listener.repeating(id, node);
    }
    this.sentCalls.set(id, sent || this.online);
  }
  open(url, protocol) {
    const { WebSocket } = this.real;
    const { url: target, node } = this.target(url);
    const socket = new PhoneSocket(
      () => {
        this.answeredBy(node);
        this.listener.connected("websocket", node);
      },
      () => this.nodes.failed(node)
    );
    if (!this.online || !WebSocket) {
      this.real.setTimeout(() => socket.cut(), 0);
      return socket;
    }
    this.counts.sockets++;
    this.listener.asking("websocket", node);
    this.sockets.add(socket);
    socket.carry(new WebSocket(target, protocol));
    return socket;
  }
};
var PhoneSocket = class {
  /**
   * @param heard called with the first message
   * @param failed called when the socket closes before its first message
   */
  constructor(heard, failed) {
    this.heard = heard;
    this.failed = failed;
    this.onopen = null;
    this.onmessage = null;
    this.onclose = null;
    this.onerror = null;
    this.isCut = false;
    this.isHeard = false;
  }
  carry(carrier) {
    this.carrier = carrier;
    carrier.onopen = (event) => this.unlessCut(this.onopen, event);
    carrier.onerror = (event) => this.unlessCut(this.onerror, event);
    carrier.onclose = (event) => {
      if (!this.isHeard && !this.isCut) {
        this.failed();
      }
      this.unlessCut(this.onclose, event);
    };
    carrier.onmessage = (event) => {
      if (!this.isHeard && !this.isCut) {
        this.isHeard = true;
        this.heard();
      }
      this.unlessCut(this.onmessage, event);
    };
  }
  cut() {
    if (!this.isCut) {
      this.isCut = true;
      this.onclose?.({ code: 1006 });
      this.carrier?.close();
    }
  }
  send(text) {
    if (!this.isCut) {
      this.carrier?.send(text);
    }
  }
  close(code) {
    this.isCut = true;
    this.carrier?.close(code);
  }
  unlessCut(listener, event) {
    if (!this.isCut) {
      listener?.(event);
    }
  }
};
function transportOf(url) {
  const path = url.replace(/\?.*/, "");
  return path.endsWith("/stream") ? "sse" : path.endsWith("/messages:poll") ? "longpoll" : void 0;
}

// playground/src/latency.ts
var Latency = class _Latency {
  constructor() {
    this.samples = [];
  }
  static {
    this.KEPT = 500;
  }
  add(sample) {
    this.samples.push(sample);
    this.samples.splice(0, this.samples.length - _Latency.KEPT);
  }
  /** The value that this part of the samples does not exceed; undefined without samples. */
  quantile(part) {
    const sorted = this.samples.map(({ millis }) => millis).sort((one, other) => one - other);
    return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  }
};
var MillisAxis = class {
  constructor(samples) {
    const longest = Math.max(10, ...samples.map(({ millis }) => millis));
    this.top = Math.ceil(Math.log10(longest));
  }
  /** From 0 at the bottom, a millisecond or less, to 1 at the top. */
  part(millis) {
    return Math.log10(Math.max(1, millis)) / this.top;
  }
  ticks() {
    return Array.from({ length: this.top + 1 }, (_, exponent) => ({
      part: exponent / this.top,
      text: exponent < 3 ? `${10 ** exponent} ms` : `${10 ** (exponent - 3)} s`
    }));
  }
};

// playground/src/plot.ts
var LEFT = 60;
var TOP = 12;
var BOTTOM = 195;
var HEIGHT = 220;
function drawLatencies(plot, caption, table, series) {
  const width = plot.clientWidth || 800;
  plot.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const right = width - 10;
  const samples = series.flatMap(({ latency }) => latency.samples);
  const axis = new MillisAxis(samples);
  const height = (millis) => BOTTOM - axis.part(millis) * (BOTTOM - TOP);
  const first = Math.min(...samples.map(({ at }) => at));
  const last = Math.max(...samples.map(({ at }) => at));
  const along = (at) => last === first ? right - 6 : LEFT + 6 + (at - first) / (last - first) * (right - LEFT - 12);
  const lines = axis.ticks().flatMap(({ part, text }) => {
    const y = BOTTOM - part * (BOTTOM - TOP);
    return [
      drawn("line", { x1: LEFT, x2: right, y1: y, y2: y }),
      drawn("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, text)
    ];
  });
  const points = series.flatMap(
    ({ latency, className }) => latency.samples.map(({ at, millis }) => point(className, along(at), height(millis)))
  );
  const legend = [
    point("message", LEFT + 8, BOTTOM + 17),
    drawn("text", { x: LEFT + 18, y: BOTTOM + 21 }, "webhook to app"),
    point("call", LEFT + 138, BOTTOM + 17),
    drawn("text", { x: LEFT + 148, y: BOTTOM + 21 }, "call to answer")
  ];
  plot.replaceChildren(...lines, ...points, ...legend);
  caption.textContent = samples.length === 0 ? "Nothing was measured yet." : `Latency over time, logarithmic: ${series.map(inWords2).join("; ")}.`;
  table.replaceChildren(...series.map(row));
}
function point(className, x, y) {
  return className === "message" ? drawn("circle", { class: className, cx: x, cy: y, r: 4 }) : drawn("path", { class: className, d: `M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z` });
}
function inWords2({ name, latency }) {
  const median = latency.quantile(0.5);
  return `${name}: ${latency.samples.length} measured${median === void 0 ? "" : `, median ${millisText(median)}`}`;
}
function row({ name, latency }) {
  const head = element("th", "", name);
  head.setAttribute("scope", "row");
  const cells = [0.5, 0.95, 1].map((part) => {
    const value = latency.quantile(part);
    return element("td", "", value === void 0 ? "–" : millisText(value));
  });
  return element("tr", "", head, element("td", "", `${latency.samples.length}`), ...cells);
}

// playground/src/numbers.ts
var KEPT = 200;
var Numbers = class {
  constructor() {
    this.acknowledged = 0;
    this.failedCalls = 0;
    this.webhooks = { accepted: 0, refused: 0 };
    this.messages = 0;
    this.messageLatency = new Latency();
    this.callLatency = new Latency();
    /** When Fireblocks sent and the app received an event: whichever is heard of first waits for the other. */
    this.sentAt = /* @__PURE__ */ new Map();
    this.receivedAt = /* @__PURE__ */ new Map();
  }
  follow(phone, network) {
    this.phone = phone;
    this.network = network;
  }
  /** Fireblocks has sent a webhook for the first time, at this time. */
  sent(eventId, at, isAccepted) {
    this.webhooks[isAccepted ? "accepted" : "refused"]++;
    if (isAccepted && !this.sentAt.has(eventId)) {
      remember(this.sentAt, eventId, at);
      this.measure(eventId);
    }
  }
  received(eventId, at) {
    this.messages++;
    if (!this.receivedAt.has(eventId)) {
      remember(this.receivedAt, eventId, at);
      this.measure(eventId);
    }
  }
  answered(sample) {
    this.callLatency.add(sample);
  }
  draw() {
    const { phone, network, webhooks } = this;
    drawLatencies(byId("plot"), byId("plot-text"), byId("latencies"), [
      { name: "webhook to app", className: "message", latency: this.messageLatency },
      { name: "call to answer", className: "call", latency: this.callLatency }
    ]);
    const counters = [
      ["webhooks accepted", webhooks.accepted],
      ["webhooks refused", webhooks.refused],
      ["messages received", this.messages],
      ["messages acknowledged", this.acknowledged],
      ["calls answered", this.callLatency.samples.length],
      ["calls failed", this.failedCalls],
      ["requests of the phone", network?.counts.requests ?? 0],
      ["WebSockets opened", network?.counts.sockets ?? 0],
      ["tokens fetched", phone?.tokens ?? 0],
      ["tokens refused", network?.counts.refusedTokens ?? 0],
      ["connections cut here", network?.counts.cuts ?? 0],
      ["gaps", phone?.gaps ?? 0],
      ...[...network?.counts.answered ?? []].sort(([one], [other]) => one - other).map(([node, count]) => [`answered by node ${node}`, count])
    ];
    byId("counters").replaceChildren(
      ...counters.map(([name, count]) => {
        const value = element("dd", "", `${count}`);
        value.dataset["counter"] = name;
        return element("div", "", element("dt", "", name), value);
      })
    );
  }
  measure(eventId) {
    const sent = this.sentAt.get(eventId);
    const received = this.receivedAt.get(eventId);
    if (sent !== void 0 && received !== void 0) {
      this.messageLatency.add({ at: received, millis: received - sent });
    }
  }
};
function remember(times, id, at) {
  times.set(id, at);
  for (const oldest of [...times.keys()].slice(0, times.size - KEPT)) {
    times.delete(oldest);
  }
}

// playground/src/phone-panel.ts
var PhonePanel = class {
  constructor(phone, network) {
    this.phone = phone;
    this.network = network;
    this.state = byId("phone-state");
    this.trouble = byId("trouble-state");
    byId("device").textContent = phone.identity.deviceId;
    byId("wallet").textContent = phone.identity.walletId;
    byId("register").addEventListener("click", () => void this.register());
    byId("connect").addEventListener("click", () => void this.connect());
    byId("disconnect").addEventListener("click", () => phone.disconnect());
    byId("offline").addEventListener("click", () => this.switchNetwork());
    byId("renew").addEventListener("click", () => {
      newIdentity(localStorage);
      location.assign("/");
    });
    byId("cut").addEventListener("click", () => {
      network.cut();
      this.trouble.textContent = "All connections of the phone were cut; it connects again by itself.";
    });
    byId("expire").addEventListener("click", () => void this.expire());
    if (new URLSearchParams(location.search).has("connect")) {
      queueMicrotask(() => void this.connect());
    }
  }
  show(state, text) {
    if (this.state.textContent !== text) {
      this.state.textContent = text;
    }
    this.state.dataset["state"] = state;
    byId("disconnect").disabled = !this.phone.isRunning;
  }
  async register() {
    try {
      await this.phone.register();
      this.state.textContent = "registered";
    } catch (error) {
      this.state.textContent = `not registered: ${errorText(error)}`;
    }
  }
  async connect() {
    await this.phone.connect(byId("transport").value);
  }
  switchNetwork() {
    if (this.network.isOnline) {
      this.phone.goOffline();
    } else {
      this.phone.comeBack();
    }
    byId("offline").setAttribute("aria-pressed", `${!this.network.isOnline}`);
  }
  async expire() {
    await this.phone.expireToken();
    this.trouble.textContent = "The next request carries a token that has expired; the relay refuses it, and the phone fetches another.";
  }
};

// playground/src/simulator.ts
var Simulator = class {
  constructor(url = "") {
    this.url = url;
  }
  settings() {
    return this.get("/playground/settings");
  }
  /** Entries after this number; waits for the next one for some seconds. `now` is the simulator's time. */
  journal(after) {
    return this.get(`/playground/journal?after=${after}`);
  }
  /** @param lifetime in seconds; a negative one has expired already */
  async token(subject, scope, lifetime = 3600) {
    const form = new URLSearchParams({ subject, scope, lifetime: `${lifetime}` });
    const answer = await this.json("/oidc/token", { method: "POST", body: form });
    return answer.access_token;
  }
  send(webhook) {
    return this.post("/simulator/webhooks", webhook);
  }
  /** Sends the very bytes of a webhook again, signed anew. */
  repeat(body) {
    return this.json("/simulator/webhooks/raw", { method: "POST", body });
  }
  /** How the next call of any device is answered. */
  async answerNext(answer) {
    await this.post("/simulator/answers", answer);
  }
  async resetAnswers() {
    await this.json("/simulator/answers", { method: "DELETE" });
  }
  get(path) {
    return this.json(path, {});
  }
  post(path, body) {
    return this.json(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }
  async json(path, init) {
    const response = await fetch(this.url + path, { ...init, cache: "no-store" });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`the simulator answered ${response.status}: ${text.slice(0, 300)}`);
    }
    return text ? JSON.parse(text) : void 0;
  }
};

// playground/src/ways.ts
var PLACES = ["fireblocks", "service", "kafka", "delivery", "app"];
var KEPT2 = 40;
var Ways = class {
  constructor(deviceId) {
    this.deviceId = deviceId;
    this.messages = /* @__PURE__ */ new Map();
    this.calls = /* @__PURE__ */ new Map();
    /** Calls of this device that no request of this page explains so far. */
    this.unclaimed = [];
    this.order = [];
  }
  /** Fireblocks has tried to deliver a webhook. */
  sent(eventId, type, attempt) {
    this.message(eventId, type).attempts.push(attempt);
  }
  /** Kafka or Fireblocks has seen something; of other devices it is not kept. */
  seen(entry) {
    if (entry.kind === "call") {
      if (entry.deviceId === this.deviceId) {
        this.unclaimed.push(entry);
        this.claim();
      }
    } else if (entry.eventId !== void 0) {
      if (entry.deviceId === this.deviceId || entry.deviceId === void 0 && this.messages.has(entry.eventId)) {
        this.message(entry.eventId, entry.type ?? "").records.push(entry);
      }
    } else if (entry.requestId !== void 0 && entry.deviceId === this.deviceId) {
      this.replyOrRequest(entry);
    }
  }
  /** The app has the message. */
  received(eventId, type, at, by) {
    this.message(eventId, type).received ??= { at, by };
  }
  /** The app has acknowledged it, or one after it. */
  acked(eventId, at) {
    const facts = this.messages.get(eventId);
    if (facts) {
      facts.ackedAt ??= at;
    }
  }
  /** The relay has stored the acknowledgement. */
  stored(eventId, at) {
    const facts = this.messages.get(eventId);
    if (facts) {
      facts.storedAt ??= at;
    }
  }
  /** The app has sent a call. */
  called(requestId, payloadSha256, method, at, node) {
    if (!this.calls.has(requestId)) {
      this.enter("call", requestId);
      this.calls.set(requestId, { id: requestId, payloadSha256, method, begunAt: at, attempts: [node], calls: [] });
      this.claim();
    }
  }
  /** The same request was sent again. */
  repeated(requestId, node) {
    this.calls.get(requestId)?.attempts.push(node);
  }
  /** The app has the answer, or the reason why there is none. */
  answered(requestId, what, isBad, at) {
    const facts = this.calls.get(requestId);
    if (facts) {
      facts.ended = { at, what, isBad };
    }
  }
  /** The ways, the newest first. */
  all() {
    return this.order.map(
      ({ kind, id }) => kind === "message" ? messageWay(this.messages.get(id)) : callWay(this.calls.get(id))
    );
  }
  message(id, type) {
    let facts = this.messages.get(id);
    if (!facts) {
      this.enter("message", id);
      facts = { id, type, attempts: [], records: [] };
      this.messages.set(id, facts);
    }
    return facts;
  }
  replyOrRequest(record) {
    const facts = this.calls.get(record.requestId.replace(/~[^~]*$/, ""));
    if (facts && record.createdAt !== void 0) {
      facts.request ??= record;
      this.claim();
    } else if (facts && record.completedAt !== void 0) {
      facts.reply ??= record;
    }
  }
  /**
   * Finds the request of each call: by its key, or, of methods without one, by its payload, if only one request of this page
   * has that and had no answer then.
   */
  claim() {
    this.unclaimed = this.unclaimed.filter((call) => {
      const candidates = [...this.calls.values()].filter(
        (facts) => call.idempotencyKey === void 0 ? facts.payloadSha256 === call.payloadSha256 && !facts.ended && facts.begunAt <= call.receivedAt + 1 : facts.request?.idempotencyKey === call.idempotencyKey
      );
      if (candidates.length === 1) {
        candidates[0].calls.push(call);
      }
      return candidates.length !== 1;
    });
    this.unclaimed.splice(0, this.unclaimed.length - KEPT2);
  }
  enter(kind, id) {
    this.order.unshift({ kind, id });
    for (const old of this.order.splice(KEPT2)) {
      (old.kind === "message" ? this.messages : this.calls).delete(old.id);
    }
  }
};
function messageWay(facts) {
  const { attempts, records, received, ackedAt, storedAt } = facts;
  const began = attempts[0]?.startedAt ?? records[0]?.receivedAt ?? received?.at ?? 0;
  const { hops, add } = hopsSince(began);
  const left = [...records];
  for (const attempt of attempts) {
    const record = left[0]?.receivedAt !== void 0 && isWithin(left[0].receivedAt, attempt) ? left.shift() : void 0;
    add("fireblocks", "service", attempt.isForged ? "webhook, signature forged" : "webhook, signed", record?.receivedAt);
    if (record) {
      add("service", "kafka", place(record), record.timestamp);
    }
    const isBad = attempt.status === void 0 || attempt.status >= 300;
    add("service", "fireblocks", `${attempt.status ?? "no answer"}`, attempt.startedAt + attempt.millis, isBad);
  }
  left.forEach((record) => add("service", "kafka", place(record), record.timestamp));
  if (received) {
    if (records.length > 0) {
      add("kafka", "delivery", "read, in order");
    }
    add("delivery", "app", `message by ${received.by}`, received.at);
  }
  if (ackedAt !== void 0) {
    add("app", "delivery", "acknowledged", ackedAt);
  }
  if (storedAt !== void 0) {
    add("delivery", "app", "acknowledgement stored", storedAt);
  }
  const total = received && attempts.length > 0 ? { total: received.at - began } : {};
  return { kind: "message", id: facts.id, title: facts.type, hops, ...total };
}
function hopsSince(began) {
  const hops = [];
  return {
    hops,
    add: (from, to, what, at, isBad) => {
      hops.push({ from, to, what, ...at === void 0 ? {} : { after: at - began }, ...isBad ? { isBad } : {} });
    }
  };
}
function callWay(facts) {
  const { begunAt, request, reply, ended: ended2 } = facts;
  const { hops, add } = hopsSince(begunAt);
  const to = nodeText("to", facts.attempts);
  const times = facts.attempts.length > 1 ? `, sent ${facts.attempts.length} times with one id${to && ","}` : "";
  add("app", "delivery", `call${times}${to}`, request?.createdAt);
  if (request) {
    add("delivery", "kafka", place(request), request.timestamp);
  }
  for (const call of facts.calls) {
    if (request) {
      add("kafka", "service", "read");
    }
    const held = call.heldMillis > 0 ? `, held for ${call.heldMillis} ms` : "";
    add("service", "fireblocks", `invoke, signed${held}`, call.receivedAt);
  }
  if (reply) {
    const isBad = reply.outcome !== "ANSWERED";
    if (facts.calls.length > 0 && reply.status !== void 0) {
      const waited = `${reply.status} after ${reply.upstreamMillis} ms at Fireblocks`;
      add("fireblocks", "service", waited, reply.completedAt, isBad);
    }
    add("service", "kafka", `${reply.outcome}: ${place(reply)}`, reply.timestamp, isBad);
  }
  if (ended2) {
    if (reply) {
      add("kafka", "delivery", "read");
    }
    add("delivery", "app", ended2.what, ended2.at, ended2.isBad);
  }
  const total = ended2 ? { total: ended2.at - begunAt } : {};
  return { kind: "call", id: facts.id, title: facts.method || "call", hops, ...total };
}
function isWithin(at, attempt) {
  return at >= Math.floor(attempt.startedAt) && at <= attempt.startedAt + attempt.millis + 1;
}
function place(record) {
  return `${record.topic}, partition ${record.partition}, offset ${record.offset}`;
}

// playground/src/diagram.ts
var SHOWN3 = 12;
function drawWays(list, ways) {
  list.replaceChildren(...ways.slice(0, SHOWN3).map(drawWay));
}
function drawWay(way) {
  const names = PLACES.map((place2) => nameOf(place2, way));
  const places = element("div", "places", ...names.map((name) => element("span", "", name)));
  places.setAttribute("aria-hidden", "true");
  const total = way.total === void 0 ? "" : `${millisText(way.total)} ${way.kind === "message" ? "to the app" : "to the answer"}`;
  const title = element("h3", "way-title", element("code", "", way.title), element("span", "quiet", total));
  const hops = element("ol", "hops", ...way.hops.map((hop) => drawHop(hop, way)));
  const item = element("li", "", title, places, hops);
  item.dataset["kind"] = way.kind;
  item.dataset["id"] = way.id;
  return item;
}
function drawHop(hop, way) {
  const from = PLACES.indexOf(hop.from);
  const to = PLACES.indexOf(hop.to);
  const direction = element("span", "hidden", `${nameOf(hop.from, way)} to ${nameOf(hop.to, way)}: `);
  const after = hop.after === void 0 ? [] : [" ", element("span", "after", `+${millisText(hop.after)}`)];
  const what = element("div", "what", element("span", "", direction, hop.what, ...after));
  const arrow = element("span", "arrow");
  arrow.setAttribute("aria-hidden", "true");
  return element("li", `hop at${Math.min(from, to)} ${to > from ? "right" : "left"}${hop.isBad ? " isbad" : ""}`, what, arrow);
}
function nameOf(place2, way) {
  switch (place2) {
    case "fireblocks":
      return "Fireblocks";
    case "service":
      return way.kind === "message" ? "ingress" : "rpc";
    case "kafka":
      return "Kafka";
    default:
      return place2;
  }
}

// playground/src/page.ts
var CLOCK_MILLIS = 50;
var Page = class {
  constructor(simulator, settings, identity) {
    this.simulator = simulator;
    this.settings = settings;
    this.numbers = new Numbers();
    this.isDrawing = false;
    this.ways = new Ways(identity.deviceId);
    const redraw = () => this.redraw();
    const { ways, numbers } = this;
    const listener = {
      asking: (transport, node) => phone.asking(transport, node),
      connected: (transport, node) => phone.connected(transport, node),
      calling: (requestId, node) => calls.calling(requestId, node),
      repeating: (requestId, node) => calls.repeating(requestId, node)
    };
    const nodes = new Nodes(settings.delivery, () => byId("nodes").value === "turns");
    byId("nodes-label").hidden = nodes.count < 2;
    const network = new PhoneNetwork(defaultRuntime(), listener, nodes);
    const messages = new Messages(ways, numbers, () => phone.way, redraw);
    const phone = new Phone(identity, nodes, simulator, network, {
      state: (state, text) => panel.show(state, text),
      message: (message) => messages.add(message)
    });
    const calls = new Calls(phone, ways, numbers, redraw);
    const panel = new PhonePanel(phone, network);
    new FireblocksPanel(simulator, settings, identity, ways, numbers, redraw);
    numbers.follow(phone, network);
    this.notice("");
    void this.readJournal(settings.journal);
    redraw();
  }
  /** Hears what Kafka and Fireblocks have seen, for as long as the page is open. */
  async readJournal(from) {
    for (let after = from; ; ) {
      const asked = Date.now();
      try {
        const { now, entries } = await this.simulator.journal(after);
        (await Promise.all(entries.map(withKey))).forEach((entry) => this.ways.seen(entry));
        after = entries[entries.length - 1]?.sequence ?? after;
        this.notice(clockNotice(asked, now, Date.now()));
        this.redraw();
      } catch {
        this.notice("The simulator does not answer: ./relay status says what runs.");
        await new Promise((resolve) => setTimeout(resolve, 1e3));
      }
    }
  }
  notice(text) {
    const without = this.settings.kafka ? "" : "Kafka is not watched, so partitions and offsets are not shown. ";
    const shown = without + text;
    const notice = byId("notice");
    if (notice.textContent !== shown) {
      notice.textContent = shown;
    }
  }
  /** Once for all that happens before the next frame. */
  redraw() {
    if (!this.isDrawing) {
      this.isDrawing = true;
      setTimeout(() => {
        this.isDrawing = false;
        const ways = this.ways.all();
        drawWays(byId("ways"), ways);
        byId("no-ways").hidden = ways.length > 0;
        this.numbers.draw();
      }, 30);
    }
  }
};
function clockNotice(asked, now, answered) {
  const isSame = now >= asked - CLOCK_MILLIS && now <= answered + CLOCK_MILLIS;
  return isSame ? "" : "This browser's clock differs from the relay's: times up to the app are wrong by that.";
}
async function start() {
  const simulator = new Simulator();
  const settings = await simulator.settings();
  new Page(simulator, settings, keptIdentity(localStorage));
  document.body.dataset["ready"] = "true";
}
start().catch((error) => {
  byId("notice").textContent = `The page cannot start: ${error}`;
});
