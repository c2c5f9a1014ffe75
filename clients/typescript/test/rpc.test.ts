import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { RelayClient, RelayError } from '../src/index.js';
import { BadProxy } from './bad-proxy.js';
import { Refusal } from './relay-log.js';
import { RelayServer } from './relay-server.js';
import { CountedRuntime, FakeRuntime, settle, until } from './runtimes.js';
import { newSeed, seeded } from './seeded.js';

const PAYLOAD = '{"method":"poll_mpc_msg","params":[{"txId":"t-1"}]}';

describe('rpc', () => {
  let relay: RelayServer;
  let proxy: BadProxy;

  beforeEach(async () => {
    relay = await RelayServer.start();
    proxy = await BadProxy.to(relay.port);
  });

  afterEach(async () => {
    await proxy.close();
    await relay.close();
    assert.deepEqual(relay.violations, []);
  });

  function client(counted = new CountedRuntime()): RelayClient {
    return new RelayClient({
      baseUrl: `${proxy.url}/base/`,
      deviceId: 'd-1',
      token: async () => 'token-1',
      runtime: counted.runtime,
    });
  }

  test('answer_isTheVeryText', async () => {
    const text = '{ "result" : {"n":1.10e-05, "text":"Grüße \\u00e9 世界"},\n "big":12345678901234567890 }';
    relay.calls.answer = async () => text;

    assert.equal(await client().rpc(PAYLOAD), text);
    assert.deepEqual(relay.calls.executed, [PAYLOAD]);
  });

  test('errorOfFireblocks_isAnAnswer', async () => {
    const text = '{"error":{"message":"Unexpected physicalDeviceId","code":-1}}';
    relay.calls.answer = async () => text;

    assert.equal(await client().rpc(PAYLOAD), text);
    assert.deepEqual(await client().fireblocksMessages().handleOutgoingMessage(PAYLOAD), JSON.parse(text));
  });

  test('lostConnections_repeatTheSameId_andNothingRunsTwice', async (context) => {
    const seed = newSeed();
    context.diagnostic(`SEED=${seed} repeats this run`);
    const random = seeded(seed);
    proxy.cutAfter = () => (proxy.cuts >= 30 ? Infinity : Math.floor(random() * 400));
    relay.calls.answer = async (payload) => JSON.stringify({ result: payload });
    const relayClient = client(new CountedRuntime(1, () => random() * 0.05));

    const payloads = Array.from({ length: 8 }, (_, index) => `{"method":"broadcast_mpc_msg","n":${index}}`);
    const answers = await Promise.all(payloads.map((payload) => relayClient.rpc(payload)));

    assert.deepEqual(answers, payloads.map((payload) => JSON.stringify({ result: payload })));
    assert.deepEqual([...relay.calls.executed].sort(), payloads, `SEED=${seed}`);
    assert.equal(new Set(relay.calls.requestIds).size, payloads.length);
    assert.ok(proxy.cuts > 0);
  });

  test('relaysFailure_isAnErrorWithItsCode', async () => {
    relay.calls.answer = async () =>
      new Refusal(502, 'rpc-failed', 'Fireblocks rejected the call', { code: 'REFUSED', upstreamStatus: 400 });

    await assert.rejects(client().rpc(PAYLOAD), (error: RelayError) => {
      assert.equal(error.code, 'REFUSED');
      assert.equal(error.problem, 'rpc-failed');
      assert.equal(error.status, 502);
      assert.equal(error.upstreamStatus, 400);
      return true;
    });
    assert.equal(relay.calls.requestIds.length, 1);
  });

  test('overload_isRetriedWithTheSameId', async () => {
    relay.refusals.push({ path: /^rpc/, refusal: new Refusal(503, 'unavailable', 'later', {}, 1) });
    relay.refusals.push({ path: /^rpc/, refusal: new Refusal(429, 'too-many-calls', 'later', { limit: 32 }, 1) });

    assert.equal(await client().rpc(PAYLOAD), '{"result":{}}');
    assert.deepEqual(relay.calls.executed, [PAYLOAD]);
  });

  test('foreignDevice_isFinal', async () => {
    relay.refusals.push({ path: /^rpc/, refusal: new Refusal(403, 'foreign-device') });

    await assert.rejects(client().rpc(PAYLOAD), { code: 'foreign-device', status: 403 });
  });

  test('abort_endsTheWaitAndEverything', async () => {
    relay.calls.answer = () => new Promise(() => {});
    const counted = new CountedRuntime();
    const aborting = new AbortController();
    const call = client(counted).rpc(PAYLOAD, { signal: aborting.signal });
    await until(() => relay.calls.executed.length === 1);
    aborting.abort(new Error('the user left'));

    await assert.rejects(call, /the user left/);
    assert.equal(counted.timers, 0);
    assert.equal(counted.listeners, 0);
    await until(() => relay.openConnections === 0);
  });

  test('timeout_endsTheWaitAndEverything', async () => {
    relay.calls.answer = () => new Promise(() => {});
    const counted = new CountedRuntime();

    await assert.rejects(client(counted).rpc(PAYLOAD, { timeout: 200 }), { name: 'RelayError', code: 'timeout' });
    assert.equal(counted.timers, 0);
    await assert.rejects(client().rpc(PAYLOAD, { timeout: 200_000 }), RangeError);
  });
});

describe('rpc by the clock', () => {
  function client(runtime: FakeRuntime): RelayClient {
    return new RelayClient({ baseUrl: 'http://relay', deviceId: 'd/1', token: async () => 't', runtime });
  }

  test('longCall_isAskedForAsynchronously', async () => {
    const runtime = new FakeRuntime();
    runtime.answer = (url) =>
      url.includes('?wait') && runtime.now() >= 2000
        ? new Response('"done"')
        : new Response('{"status":"pending"}', { status: 202, headers: { 'Retry-After': '1' } });
    const call = client(runtime).rpc(PAYLOAD);
    await runtime.advance(3000);

    assert.equal(await call, '"done"');
    const [first, ...others] = runtime.requests;
    const headers = first?.init.headers as Record<string, string>;
    assert.equal(first?.url, 'http://relay/v1/devices/d%2F1/rpc');
    assert.equal(headers['Prefer'], 'respond-async, wait=20');
    assert.deepEqual(
      others.map(({ url, at }) => [url, at]),
      [1000, 2000].map((at) => [`http://relay/v1/devices/d%2F1/rpc/${headers['Request-Id']}?wait=20`, at]),
    );
    assert.equal(runtime.timers.size, 0);
  });

  test('retryAfter_isObeyed_alsoWhenTheNetworkComesBack', async () => {
    const runtime = new FakeRuntime();
    runtime.answer = () => problem(503, 'unavailable', { 'Retry-After': '7' });
    const call = client(runtime).rpc(PAYLOAD);
    await settle();
    runtime.answer = () => new Response('"done"');
    await runtime.advance(6900);
    runtime.wake(true);
    await settle();
    assert.equal(runtime.requests.length, 1);
    await runtime.advance(100);
    assert.equal(runtime.requests.length, 1);
    runtime.wake(true);
    await settle();

    assert.equal(runtime.requests.length, 2);
    assert.equal(await call, '"done"');
  });

  test('requestInFlight_isRepeatedWhenTheNetworkIsAnother', async () => {
    const runtime = new FakeRuntime();
    runtime.answer = (_, init) => aborted(init);
    const call = client(runtime).rpc(PAYLOAD);
    await settle();
    runtime.answer = () => new Response('"done"');
    runtime.wake(true);
    await runtime.advance(1000);

    assert.equal(await call, '"done"');
    const ids = runtime.requests.map(({ init }) => (init.headers as Record<string, string>)['Request-Id']);
    assert.equal(new Set(ids).size, 1);
    assert.equal(ids.length, 2);
  });

  test('outage_endsWithTheTimeoutAndItsCause', async () => {
    const runtime = new FakeRuntime();
    runtime.answer = () => Promise.reject(new TypeError('fetch failed'));
    const call = client(runtime).rpc(PAYLOAD).catch((error: RelayError) => error);
    await runtime.advance(60_000);

    const failure = (await call) as RelayError;
    assert.equal(failure.code, 'timeout');
    assert.equal((failure.cause as RelayError).code, 'network');
    assert.ok(runtime.requests.length < 15, `${runtime.requests.length} requests in a minute`);
  });
});

function problem(status: number, name: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ type: `urn:ncw-relay:problem:${name}`, detail: name, status }), { status, headers });
}

function aborted(init: RequestInit): Promise<Response> {
  return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
}
