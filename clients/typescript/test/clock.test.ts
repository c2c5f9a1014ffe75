import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RelayClient, type MessagesOptions, type RelayMessage } from '../src/index.js';
import type { Socket } from '../src/runtime.js';
import { FakeRuntime, settle } from './runtimes.js';

/** What happens when, by a clock that the test moves. */
describe('messages by the clock', () => {
  test('outage_isRetriedWithBackoff_andFewRequests', async () => {
    const { runtime, end } = open({ transport: 'longpoll' });
    runtime.random = () => 0.999;
    runtime.answer = () => Promise.reject(new TypeError('fetch failed'));
    await runtime.advance(10 * 60_000);

    // 0.5, 1, 2, 4, 8, 16 seconds, then every half minute.
    assert.ok(runtime.requests.length <= 6 + 21, `${runtime.requests.length} requests in ten minutes`);
    await end();
  });

  test('auto_inAnOutage_sendsNoMoreRequests', async () => {
    const { runtime, end } = open({ transport: 'auto' });
    runtime.random = () => 0.999;
    runtime.answer = () => Promise.reject(new TypeError('fetch failed'));
    await runtime.advance(10 * 60_000);

    assert.ok(runtime.requests.length <= 30, `${runtime.requests.length} requests in ten minutes`);
    await end();
  });

  test('wake_endsABackoff_butNotARetryAfter', async () => {
    const { runtime, end } = open({ transport: 'longpoll' });
    runtime.answer = () => new Response('', { status: 503 });
    await settle();
    assert.equal(runtime.requests.length, 1);
    runtime.wake(false);
    await settle();
    assert.equal(runtime.requests.length, 2);

    runtime.answer = () => new Response('', { status: 503, headers: { 'Retry-After': '20' } });
    runtime.wake(false);
    await settle();
    assert.equal(runtime.requests.length, 3);
    runtime.wake(true);
    await runtime.advance(19_999);
    assert.equal(runtime.requests.length, 3);
    await runtime.advance(1);
    runtime.wake(true);
    await settle();
    assert.equal(runtime.requests.length, 4);
    await end();
  });

  test('emptyAnswersThatWereNotHeld_areNotAskedForAtOnce', async () => {
    const { runtime, end } = open({ transport: 'longpoll' });
    runtime.answer = () => new Response('{"messages":[],"next":"c","more":false,"caughtUp":true}');
    await runtime.advance(60_000);

    assert.ok(runtime.requests.length <= 61, `${runtime.requests.length} requests in a minute`);
    await end();
  });

  test('pollsThatAreCut_becomeShorter', async () => {
    const { runtime, end } = open({ transport: 'longpoll' });
    runtime.answer = async () => {
      await new Promise<void>((resolve) => runtime.setTimeout(resolve, 5_000));
      return new Response('<html>', { status: 504 });
    };
    await runtime.advance(20_000);

    const waits = runtime.requests.map(({ init }) => JSON.parse(String(init.body)).wait as number);
    assert.deepEqual(waits.slice(0, 3), [25, 12, 6]);
    await end();
  });

  test('silentEventStream_isReplaced', async () => {
    const { runtime, end } = open({ transport: 'sse' });
    runtime.answer = (_, init) => silentStream(init, ': \n\n');
    await runtime.advance(34_999);
    assert.equal(runtime.requests.length, 1);
    await runtime.advance(2_000);

    assert.equal(runtime.requests.length, 2);
    await end();
  });

  test('tokenFunctionThatFails_isCalledAgain', async () => {
    let calls = 0;
    const { runtime, end } = open({ transport: 'longpoll' }, async () => {
      calls++;
      throw new Error('offline');
    });
    await runtime.advance(3_000);

    assert.ok(calls > 1);
    assert.equal(runtime.requests.length, 0);
    await end();
  });

  test('tokenFunctionThatHangs_doesNotHoldTheEndUp', async () => {
    const { runtime, end } = open({ transport: 'longpoll' }, () => new Promise(() => {}));
    await settle();
    await end();
    assert.equal(runtime.timers.size, 0);
  });

  test('webSocket_isOpenedWithATicket_andGivenCreditInPortions', async () => {
    const { runtime, end } = open({ transport: 'websocket', after: 'c-0' });
    const sockets = recordSockets(runtime);
    runtime.answer = () => new Response('{"ticket":"a.b+c"}');
    await settle();
    const [socket] = sockets as [FakeSocket];
    assert.equal(socket.url, 'ws://relay/v1/devices/d-1/ws?ticket=a.b%2Bc');
    assert.equal(socket.protocol, 'ncw.relay.v1+json');
    socket.onopen?.({});
    assert.deepEqual(socket.sent, [{ type: 'hello', after: 'c-0', credit: 64 }]);
    socket.say({ type: 'welcome', consumer: '', window: 256, heartbeatSeconds: 15 });
    for (let index = 1; index <= 20; index++) {
      socket.say({ type: 'msg', message: { id: `e-${index}`, cursor: `c-${index}`, type: 't', createdAt: '', data: {} } });
      await settle();
    }

    assert.deepEqual(socket.sent.slice(1), [{ type: 'credit', n: 16 }]);
    await end();
    assert.equal(socket.isClosed, true);
    assert.equal(runtime.timers.size, 0);
    assert.equal(runtime.isListening, false);
  });

  test('webSocketThatConfirmsNoAcknowledgement_isReplaced_andItIsSentAgain', async () => {
    const { runtime, end, messages } = open({ transport: 'websocket' });
    const sockets = recordSockets(runtime);
    runtime.answer = () => new Response('{"ticket":"t"}');
    await settle();
    const [dead] = sockets as [FakeSocket];
    dead.onopen?.({});
    dead.say({ type: 'msg', message: { id: 'e-1', cursor: 'c-1', type: 't', createdAt: '', data: {} } });
    await settle();
    let isStored = false;
    void messages[0]?.ack().then(() => (isStored = true));
    await runtime.advance(15_100);
    assert.deepEqual(dead.sent.at(-1), { type: 'ack', ack: 'c-1' });
    assert.equal(dead.isClosed, true);
    await runtime.advance(10_000);
    const acks = runtime.requests.filter(({ url }) => url.endsWith('/acks'));

    assert.deepEqual(acks.map(({ init }) => init.body), ['{"ack":"c-1"}']);
    assert.equal(isStored, true);
    assert.equal(sockets.length, 2);
    await end();
  });

  test('webSocketWithMoreThanItsCredit_isClosed', async () => {
    const { runtime, end } = open({ transport: 'websocket' }, undefined, untilAborted);
    const sockets = recordSockets(runtime);
    runtime.answer = () => new Response('{"ticket":"t"}');
    await settle();
    const [socket] = sockets as [FakeSocket];
    socket.onopen?.({});
    for (let index = 0; index <= 64; index++) {
      socket.say({ type: 'msg', message: { id: `e-${index}`, cursor: `c-${index}`, type: 't', createdAt: '', data: {} } });
    }
    await settle();

    assert.equal(socket.isClosed, true);
    await end();
  });
});

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}

/** The WebSockets that the client opens from now on. */
function recordSockets(runtime: FakeRuntime): FakeSocket[] {
  const sockets: FakeSocket[] = [];
  runtime.WebSocket = class extends FakeSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      sockets.push(this);
    }
  };
  return sockets;
}

class FakeSocket implements Socket {
  onopen: ((event: unknown) => void) | null = null;
  onmessage: ((event: unknown) => void) | null = null;
  onclose: ((event: unknown) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  readonly sent: unknown[] = [];
  isClosed = false;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A stream that begins with this text, and is silent until it is aborted. */
function silentStream(init: RequestInit, text: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(text));
      init.signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream;charset=UTF-8' } });
}

/** An app that iterates with a fake runtime. */
function open(
  options: Partial<MessagesOptions>,
  token: () => Promise<string> = async () => 't',
  handle: (signal: AbortSignal) => unknown = () => {},
): { runtime: FakeRuntime; end(): Promise<void>; messages: RelayMessage[] } {
  const messages: RelayMessage[] = [];
  const runtime = new FakeRuntime();
  const aborting = new AbortController();
  const client = new RelayClient({ baseUrl: 'http://relay', deviceId: 'd-1', token, runtime });
  const loop = (async () => {
    for await (const message of client.messages({ onGap: async () => 'stop', signal: aborting.signal, ...options })) {
      messages.push(message);
      await handle(aborting.signal);
    }
  })();
  loop.catch(() => {});
  return {
    runtime,
    messages,
    end: async () => {
      aborting.abort();
      await loop;
    },
  };
}
