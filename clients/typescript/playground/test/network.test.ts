import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Socket, SocketConstructor } from '../../src/runtime.js';
import { FakeRuntime } from '../../test/runtimes.js';
import { PhoneNetwork } from '../src/network.js';
import { Nodes } from '../src/nodes.js';

/** A WebSocket in the test's hands. */
class FakeSocket implements Socket {
  static latest: FakeSocket;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  readonly sent: string[] = [];
  isClosed = false;

  constructor(readonly url: string) {
    FakeSocket.latest = this;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.isClosed = true;
  }
}

function setUp(nodes: string[] = [], takeTurns = false) {
  const real = new FakeRuntime();
  real.WebSocket = FakeSocket as unknown as SocketConstructor;
  const heard: string[] = [];
  const network = new PhoneNetwork(real, {
    asking: (transport, node) => heard.push(`asking ${transport}${at(node)}`),
    connected: (transport, node) => heard.push(`connected ${transport}${at(node)}`),
    calling: (id, node) => heard.push(`calling ${id}${at(node)}`),
    repeating: (id, node) => heard.push(`repeating ${id}${at(node)}`),
  }, new Nodes(nodes, () => takeTurns));
  const open = (): Socket => new (network.runtime.WebSocket as SocketConstructor)('ws://relay/ws', 'p');
  return { real, network, heard, open };
}

const at = (node: number | undefined): string => (node === undefined ? '' : ` at ${node}`);

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

  test('requestsAndSockets_goToOneNodeAfterTheOther', async () => {
    const { real, network, heard, open } = setUp(['http://relay:1', 'http://relay:2'], true);
    real.answer = () => new Response('', { status: 503 });
    await network.runtime.fetch('http://relay:1/v1/devices/d/rpc?x=y', rpc);
    open();
    FakeSocket.latest.onmessage?.({ data: 'welcome' });
    await network.runtime.fetch('http://relay:1/v1/devices/d/rpc?x=y', rpc);
    assert.deepEqual(
      real.requests.map(({ url }) => url),
      ['http://relay:1/v1/devices/d/rpc?x=y', 'http://relay:1/v1/devices/d/rpc?x=y'],
    );
    assert.equal(FakeSocket.latest.url, 'ws://relay:2/ws');
    assert.deepEqual(heard, ['asking websocket at 2', 'connected websocket at 2']);
    assert.deepEqual([...network.counts.answered], [[1, 2], [2, 1]]);
  });

  test('node_isUsedUntilItFails', async () => {
    const { real, network, heard, open } = setUp(['http://relay:1', 'http://relay:2', 'http://relay:3']);
    const post = (): Promise<Response> => network.runtime.fetch('http://relay:1/v1/devices/d/messages:poll', {});
    await post();
    real.answer = () => Promise.reject(new TypeError('refused'));
    await assert.rejects(post(), TypeError);
    open();
    FakeSocket.latest.onclose?.({ code: 1006 });
    real.answer = () => new Response('{}');
    await post();
    assert.deepEqual(
      heard.filter((line) => line.startsWith('asking')),
      ['asking longpoll at 1', 'asking longpoll at 1', 'asking websocket at 2', 'asking longpoll at 3'],
    );
  });

  test('cutConnection_isNoFailureOfItsNode', async () => {
    const { real, network, heard, open } = setUp(['http://relay:1', 'http://relay:2']);
    real.answer = (_, init) =>
      new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    const poll = network.runtime.fetch('http://relay:1/v1/devices/d/messages:poll', {});
    open();
    network.cut();
    await assert.rejects(poll, TypeError);
    open();
    assert.deepEqual(heard, ['asking longpoll at 1', 'asking websocket at 1', 'asking websocket at 1']);
  });

  test('repeatedCall_isHeardOf_withItsNodes', async () => {
    const { network, heard } = setUp(['http://relay:1', 'http://relay:2'], true);
    await network.runtime.fetch('http://relay:1/v1/devices/d/rpc', rpc);
    await network.runtime.fetch('http://relay:1/v1/devices/d/rpc', rpc);
    assert.deepEqual(heard, ['calling r-1 at 1', 'repeating r-1 at 2']);
  });
});
