import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { RelayClient, type MessagesOptions } from '../src/index.js';
import { BadProxy } from './bad-proxy.js';
import { RelayServer } from './relay-server.js';
import { CountedRuntime, until } from './runtimes.js';

/** What `auto` does behind proxies that are not made for it. */
describe('auto', () => {
  let relay: RelayServer;
  let proxy: BadProxy;
  let client: RelayClient;
  let counted: CountedRuntime;

  beforeEach(async () => {
    relay = await RelayServer.start();
    proxy = await BadProxy.to(relay.port);
    // Ten seconds of silence are two here: enough for a busy machine to answer.
    counted = new CountedRuntime(5);
    client = new RelayClient({
      baseUrl: `${proxy.url}/base`,
      deviceId: 'd-1',
      token: async () => 'token-1',
      runtime: counted.runtime,
    });
  });

  afterEach(async () => {
    await proxy.close();
    await relay.close();
    assert.deepEqual(relay.violations, []);
  });

  /** Receives one message, and returns the requests that it took. */
  async function receiveOne(id: string, options: Partial<MessagesOptions> = {}): Promise<string[]> {
    const before = proxy.requests.length;
    for await (const message of client.messages({ onGap: async () => 'stop', ...options })) {
      assert.equal(message.id, id);
      await message.ack();
      break;
    }
    return proxy.requests.slice(before).map((line) => line.replace(/\/base\/v1\/devices\/d-1|\?.*/g, ''));
  }

  test('webSocket_isTheFirstChoice', async () => {
    relay.publish(['a']);

    assert.deepEqual((await receiveOne('a')).slice(0, 2), ['POST /tickets', 'GET /ws']);
  });

  test('refusedWebSocket_givesWayToEvents_andIsRemembered', async () => {
    proxy.refuses = (line) => line.includes('/ws?');
    relay.publish(['a']);
    assert.deepEqual((await receiveOne('a')).slice(0, 3), ['POST /tickets', 'GET /ws', 'GET /stream']);
    relay.publish(['b']);

    assert.deepEqual((await receiveOne('b')).slice(0, 1), ['GET /stream']);
  });

  test('proxyThatHoldsStreamsBack_isFoundOut_andRemembered', async () => {
    proxy.refuses = (line) => line.includes('/ws?');
    proxy.holdsBack = (line) => line.includes('/stream');
    relay.publish(['a']);
    assert.deepEqual((await receiveOne('a')).slice(0, 4), [
      'POST /tickets',
      'GET /ws',
      'GET /stream',
      'POST /messages:poll',
    ]);
    relay.publish(['b']);

    assert.deepEqual((await receiveOne('b')).slice(0, 1), ['POST /messages:poll']);
  });

  test('proxyThatHoldsWebSocketsBack_isFoundOut', async () => {
    proxy.holdsBack = (line) => line.includes('/ws?');
    relay.publish(['a']);

    assert.deepEqual((await receiveOne('a')).slice(0, 3), ['POST /tickets', 'GET /ws', 'GET /stream']);
  });

  test('anotherNetwork_isTriedAnew', async () => {
    proxy.refuses = (line) => line.includes('/ws?');
    relay.publish(['a']);
    await receiveOne('a');
    proxy.refuses = () => false;
    client.wake();
    relay.publish(['b']);

    assert.deepEqual((await receiveOne('b')).slice(0, 2), ['POST /tickets', 'GET /ws']);
  });

  test('webSocketThatIsSilentThoughThereAreMessages_isReplaced', async () => {
    const aborting = new AbortController();
    const ids: string[] = [];
    const loop = (async () => {
      for await (const message of client.messages({ onGap: async () => 'stop', signal: aborting.signal })) {
        ids.push(message.id);
      }
    })();
    relay.publish(['a']);
    await until(() => ids.length === 1);
    // The socket stays open, and nothing comes through it any more.
    proxy.freeze();
    relay.publish(['b']);

    await until(() => ids.length === 2);
    aborting.abort();
    await loop;
  });

  test('platformWithoutWebSocketAndStreams_polls', async () => {
    const real = counted.runtime;
    client = new RelayClient({
      baseUrl: `${proxy.url}/base`,
      deviceId: 'd-1',
      token: async () => 'token-1',
      runtime: {
        ...real,
        WebSocket: undefined,
        // As React Native's fetch, without a body to read from.
        fetch: async (url, init) => {
          const response = await real.fetch(url, init);
          return url.includes('/stream') ? Object.defineProperty(response, 'body', { value: undefined }) : response;
        },
      },
    });
    relay.publish(['a']);

    assert.deepEqual((await receiveOne('a')).slice(0, 2), ['GET /stream', 'POST /messages:poll']);
  });

  test('oneTransport_isNeverReplaced', async () => {
    client = new RelayClient({
      baseUrl: `${proxy.url}/base`,
      deviceId: 'd-1',
      token: async () => 'token-1',
      runtime: { ...counted.runtime, WebSocket: undefined },
    });

    await assert.rejects(receiveOne('a', { transport: 'websocket' }), { code: 'unsupported' });
  });

  test('wake_replacesConnectionsOfTheFormerNetwork', async () => {
    const aborting = new AbortController();
    const ids: string[] = [];
    const loop = (async () => {
      for await (const message of client.messages({ transport: 'longpoll', onGap: async () => 'stop', signal: aborting.signal })) {
        ids.push(message.id);
      }
    })();
    await until(() => relay.readerCount === 1);
    proxy.freeze();
    relay.publish(['a']);
    counted.wake(true);

    await until(() => ids.length === 1);
    aborting.abort();
    await loop;
  });
});
