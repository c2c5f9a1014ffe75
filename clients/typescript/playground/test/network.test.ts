import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Socket, SocketConstructor } from '../../src/runtime.js';
import { FakeRuntime } from '../../test/runtimes.js';
import { PhoneNetwork } from '../src/network.js';

/** A WebSocket in the test's hands. */
class FakeSocket implements Socket {
  static latest: FakeSocket;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  readonly sent: string[] = [];
  isClosed = false;

  constructor() {
    FakeSocket.latest = this;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.isClosed = true;
  }
}

function setUp() {
  const real = new FakeRuntime();
  real.WebSocket = FakeSocket as unknown as SocketConstructor;
  const heard: string[] = [];
  const network = new PhoneNetwork(real, {
    asking: (transport) => heard.push(`asking ${transport}`),
    connected: (transport) => heard.push(`connected ${transport}`),
    calling: (id) => heard.push(`calling ${id}`),
    repeating: (id) => heard.push(`repeating ${id}`),
  });
  const open = (): Socket => new (network.runtime.WebSocket as SocketConstructor)('ws://relay/ws', 'p');
  return { real, network, heard, open };
}

const rpc = { method: 'POST', headers: { 'Request-Id': 'r-1', Authorization: 'Bearer good' } };

describe('network of the phone', () => {
  test('transports_areRecognizedByTheirRequests', async () => {
    const { network, heard } = setUp();
    await network.runtime.fetch('http://relay/v1/devices/d/stream?after=c', {});
    await network.runtime.fetch('http://relay/v1/devices/d/messages:poll', {});
    await network.runtime.fetch('http://relay/v1/devices/d/acks', {});
    assert.deepEqual(heard, ['asking sse', 'connected sse', 'asking longpoll', 'connected longpoll']);
  });

  test('offline_everythingFails_untilItIsBack', async () => {
    const { real, network } = setUp();
    network.goOffline();
    await assert.rejects(network.runtime.fetch('http://relay/x', {}), TypeError);
    assert.equal(real.requests.length, 0);
    network.comeBack();
    await network.runtime.fetch('http://relay/x', {});
    assert.equal(real.requests.length, 1);
  });

  test('offline_aSocketDoesNotOpen', async () => {
    const { real, network, open } = setUp();
    network.goOffline();
    const codes: number[] = [];
    open().onclose = ({ code }: { code: number }) => codes.push(code);
    await real.advance(1);
    assert.deepEqual(codes, [1006]);
  });

  test('cut_endsWhatIsOpen_andNothingOfItIsHeardAfterwards', async () => {
    const { real, network, heard, open } = setUp();
    real.answer = (_, init) =>
      new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    const events: string[] = [];
    const socket = open();
    socket.onmessage = ({ data }: { data: string }) => events.push(data);
    socket.onclose = ({ code }: { code: number }) => events.push(`${code}`);
    const request = network.runtime.fetch('http://relay/x', {});
    FakeSocket.latest.onmessage?.({ data: 'welcome' });

    network.cut();
    FakeSocket.latest.onmessage?.({ data: 'late' });
    FakeSocket.latest.onclose?.({ code: 1005 });

    await assert.rejects(request, TypeError);
    assert.deepEqual(events, ['welcome', '1006']);
    assert.deepEqual(heard, ['asking websocket', 'connected websocket']);
    assert.equal(FakeSocket.latest.isClosed, true);
    assert.equal(network.counts.cuts, 1);
  });

  test('expiredToken_isSentInPlaceOfTheGoodOne_untilThereIsAnother', async () => {
    const { real, network } = setUp();
    real.answer = (_, init) =>
      new Response('', { status: (init.headers as Record<string, string>)['Authorization'] === 'Bearer old' ? 401 : 200 });
    network.replaceToken('good', 'old');
    const first = await network.runtime.fetch('http://relay/x', { headers: { Authorization: 'Bearer good' } });
    const second = await network.runtime.fetch('http://relay/x', { headers: { Authorization: 'Bearer new' } });
    assert.deepEqual([first.status, second.status], [401, 200]);
    assert.equal(network.counts.refusedTokens, 1);
  });

  test('repeatedCall_isHeardOf_onlyIfItHadLeftThePhone', async () => {
    const { network, heard } = setUp();
    network.goOffline();
    await assert.rejects(network.runtime.fetch('http://relay/v1/devices/d/rpc', rpc));
    network.comeBack();
    await network.runtime.fetch('http://relay/v1/devices/d/rpc', rpc);
    await network.runtime.fetch('http://relay/v1/devices/d/rpc', rpc);
    assert.deepEqual(heard, ['calling r-1', 'repeating r-1']);
  });
});
