import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import WebSocket from 'ws';
import { RelayClient, type RelayMessage, type SocketConstructor, type TransportName } from '../src/index.js';

/**
 * The client against the real stack: delivery-service at RELAY_URL, and the simulator of Fireblocks at RELAY_SIMULATOR, which
 * issues tokens, sends webhooks and answers calls. After `./relay up`:
 *
 * RELAY_URL=http://127.0.0.1:8080 RELAY_SIMULATOR=http://127.0.0.1:8090 npm test
 */
const url = process.env['RELAY_URL'];
const simulator = process.env['RELAY_SIMULATOR'];
const skip = url && simulator ? false : 'RELAY_URL and RELAY_SIMULATOR are not set';

const TRANSPORTS: readonly TransportName[] = ['websocket', 'sse', 'longpoll'];

describe('the real relay', { skip }, () => {
  for (const transport of TRANSPORTS) {
    test(`messages_comeInOrder_overEachTransportWithTheSameCursor_${transport}`, async () => {
      const device = await Device.register();
      const sent = await device.send(3);
      const first = await device.receive(transport, 3);
      assert.deepEqual(first.map(transactionId), sent);

      const later = await device.send(3);
      const after = (first.at(-1) as RelayMessage).cursor;
      for (const other of TRANSPORTS) {
        assert.deepEqual((await device.receive(other, 3, { after })).map(transactionId), later, other);
      }
    });

    test(`acknowledgement_movesTheStartOfTheNextIteration_${transport}`, async () => {
      const device = await Device.register();
      const sent = await device.send(4);
      await device.receive(transport, 2, { acknowledges: true });

      assert.deepEqual((await device.receive(transport, 2)).map(transactionId), sent.slice(2));
    });

    test(`newerConnectionOfTheConsumer_endsTheOlder_${transport}`, async () => {
      const device = await Device.register();
      await device.send(1);
      const consumer = 'phone';
      const older = device.client({ consumer }).messages({ transport, onGap: async () => 'stop' });
      await older.next();
      const waiting = assert.rejects(older.next(), { code: 'superseded' });
      const aborting = new AbortController();
      const newer = device.client({ consumer }).messages({ transport, onGap: async () => 'stop', signal: aborting.signal });
      await newer.next();
      await waiting;
      aborting.abort();
      await newer.next();
    });

    test(`foreignCursor_isAGap_${transport}`, async () => {
      const [one, other] = [await Device.register(), await Device.register()];
      const [sent] = await one.send(1);
      await other.send(1);
      const [foreign] = await other.receive('longpoll', 1);
      const reasons: string[] = [];
      const messages = one.client().messages({
        transport,
        after: (foreign as RelayMessage).cursor,
        onGap: async ({ reason }) => {
          reasons.push(reason);
          return 'continue';
        },
      });

      const { value } = await messages.next();
      assert.equal(transactionId(value as RelayMessage), sent);
      assert.deepEqual(reasons, ['foreign']);
      await messages.return();
    });
  }

  test('rpc_returnsTheVeryTextOfFireblocks', async () => {
    const device = await Device.register();
    const body = '{ "result": {"n": 1.10e-05, "text": "Grüße \\u00e9 世界"} }';
    await post(`${simulator}/simulator/answers`, { deviceId: device.id, body });

    assert.equal(await device.client().rpc('{"method":"get_all_keys"}'), body);
  });

  test('rpc_heldByFireblocks_isAnsweredAsynchronously', async () => {
    const device = await Device.register();
    await post(`${simulator}/simulator/answers`, { deviceId: device.id, result: { done: true }, holdSeconds: 25 });

    assert.deepEqual(JSON.parse(await device.client().rpc('{"method":"poll_mpc_msg"}')), { result: { done: true } });
  });

  test('rpc_refusedByFireblocks_isAnErrorWithTheRelaysCode', async () => {
    const device = await Device.register();
    await post(`${simulator}/simulator/answers`, { deviceId: device.id, status: 400, body: '{"message":"no"}', times: 9 });

    const call = device.client().rpc('{"method":"get_all_keys"}');
    await call.then(
      // A client error with a body may count as an answer of Fireblocks: then it is passed on.
      (text) => assert.equal(text, '{"message":"no"}'),
      (error) => assert.equal(error.code, 'REFUSED'),
    );
  });
});

/** A new device with a wallet and a user of its own. */
class Device {
  readonly id = randomUUID();
  private readonly walletId = randomUUID();
  private readonly userId = `user-${this.id}`;

  static async register(): Promise<Device> {
    const device = new Device();
    const { walletId, userId } = device;
    const registered = await fetch(`${url}/v1/devices/${device.id}`, {
      method: 'PUT',
      headers: {
        Authorization: `Bearer ${await token('backend', 'devices:write')}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ walletId, userId }),
    });
    assert.equal(registered.status, 201, await registered.text());
    return device;
  }

  client(options: { consumer?: string } = {}): RelayClient {
    return new RelayClient({
      baseUrl: url as string,
      deviceId: this.id,
      token: () => token(this.userId, ''),
      webSocket: WebSocket as unknown as SocketConstructor,
      ...options,
    });
  }

  /** Sends webhooks of so many transactions; returns their ids. */
  async send(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids) {
      const order = { type: 'transaction.status.updated', walletId: this.walletId, transactionId: id };
      await post(`${simulator}/simulator/webhooks`, order);
    }
    return ids;
  }

  async receive(
    transport: TransportName,
    count: number,
    { after, acknowledges = false }: { after?: string; acknowledges?: boolean } = {},
  ): Promise<RelayMessage[]> {
    const received: RelayMessage[] = [];
    const options = { transport, onGap: async () => 'stop' as const, ...(after === undefined ? {} : { after }) };
    for await (const message of this.client().messages(options)) {
      received.push(message);
      if (acknowledges) {
        await message.ack();
      }
      if (received.length === count) {
        break;
      }
    }
    return received;
  }
}

function transactionId(message: RelayMessage): string {
  return (message.data as { id: string }).id;
}

async function token(subject: string, scope: string): Promise<string> {
  const response = await fetch(`${simulator}/oidc/token`, { method: 'POST', body: new URLSearchParams({ subject, scope }) });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function post(to: string, order: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(to, { method: 'POST', headers, body: JSON.stringify(order) });
  assert.ok(response.ok, `${to}: ${response.status} ${await response.text()}`);
}
