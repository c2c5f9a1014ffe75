import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RelayMessage, TransportName } from '../src/index.js';
import { deliveryContract } from './contract.js';
import { RealStage, type RealRelay } from './real-stage.js';
import { idOf, ids, Session } from './session.js';

/**
 * The client against the real stack: delivery-service at RELAY_URL, and the simulator of Fireblocks at RELAY_SIMULATOR. After
 * `./relay up`:
 *
 * RELAY_URL=http://127.0.0.1:8080 RELAY_SIMULATOR=http://127.0.0.1:8090 npm test
 */
const url = process.env['RELAY_URL'];
const simulator = process.env['RELAY_SIMULATOR'];
const skip = url && simulator ? false : 'RELAY_URL and RELAY_SIMULATOR are not set';
const relay = { url, simulator } as RealRelay;

const TRANSPORTS: readonly TransportName[] = ['websocket', 'sse', 'longpoll'];

// Each test has its own device, and many wait.
describe('the real relay', { skip, concurrency: 6 }, () => {
  for (const transport of TRANSPORTS) {
    deliveryContract(transport, () => RealStage.start(relay), 1);

    test(`cursor_isValidOnEachTransport_${transport}`, async () => {
      const stage = await RealStage.start(relay);
      await stage.publish(ids(0, 6));
      const first = await receive(stage, transport, 3);
      const after = (first.at(-1) as RelayMessage).cursor;

      for (const other of TRANSPORTS) {
        assert.deepEqual((await receive(stage, other, 3, after)).map(idOf), ids(3, 6), other);
      }
    });

    test(`tokenThatExpiresMeanwhile_isFetchedAnew_${transport}`, async () => {
      const stage = await RealStage.start(relay);
      let fetches = 0;
      const client = stage.client({ token: () => stage.token(++fetches === 1 ? 3 : 3600) });
      const session = new Session(client, { transport, onGap: async () => 'stop' });
      // Connections end with their token; polls are refused when the relay's tolerance, a minute, is over as well.
      for (let published = 0; transport === 'longpoll' ? published < 10 : fetches < 2; published++) {
        await stage.publish(ids(published, published + 1));
        await session.received(published + 1);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }

      assert.deepEqual(session.ids, ids(0, session.ids.length));
      assert.equal(fetches, transport === 'longpoll' ? 1 : 2);
      await session.end();
    });

    test(`tokenThatHasJustExpired_isFetchedAnew_${transport}`, async () => {
      const stage = await RealStage.start(relay);
      await stage.publish(ids(0, 2));
      let fetches = 0;
      const expiring = await stage.token(1);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const failures: string[] = [];
      const session = new Session(
        stage.client({ token: async () => (++fetches === 1 ? expiring : stage.token()) }),
        { transport, onGap: async () => 'stop', onRetry: (error) => failures.push(error.message) },
      );
      await session.received(2);

      assert.deepEqual(session.ids, ids(0, 2));
      assert.deepEqual(failures, []);
      await session.end();
    });

    test(`refusedToken_isFetchedAnew_${transport}`, async () => {
      const stage = await RealStage.start(relay);
      await stage.publish(ids(0, 1));
      let fetches = 0;
      const client = stage.client({ token: async () => (++fetches === 1 ? 'none' : stage.token()) });
      const session = new Session(client, { transport, onGap: async () => 'stop' });

      await session.received(1);
      assert.equal(fetches, 2);
      await session.end();
    });

    test(`foreignCursor_isAGap_${transport}`, async () => {
      const [stage, other] = [await RealStage.start(relay), await RealStage.start(relay)];
      await stage.publish(ids(0, 1));
      await other.publish(ids(0, 1));
      const [foreign] = await receive(other, 'longpoll', 1);
      const reasons: string[] = [];
      const messages = stage.client().messages({
        transport,
        after: (foreign as RelayMessage).cursor,
        onGap: async ({ reason }) => {
          reasons.push(reason);
          return 'continue';
        },
      });

      const { value } = await messages.next();
      // The earliest position is before the messages that are acknowledged.
      assert.equal((value as RelayMessage).type, 'embedded_wallet.created');
      assert.equal(idOf((await messages.next()).value as RelayMessage), 'm-0');
      assert.deepEqual(reasons, ['foreign']);
      await messages.return();
    });
  }

  test('rpc_returnsTheVeryTextOfFireblocks', async () => {
    const stage = await RealStage.start(relay);
    const body = '{ "result": {"n": 1.10e-05, "text": "Grüße \\u00e9 世界"} }';
    await stage.answer({ body });

    assert.equal(await stage.client().rpc('{"method":"get_all_keys"}'), body);
  });

  test('rpc_heldByFireblocks_isAnsweredAsynchronously', async () => {
    const stage = await RealStage.start(relay);
    await stage.answer({ result: { done: true }, holdSeconds: 22 });

    assert.deepEqual(JSON.parse(await stage.client().rpc('{"method":"poll_mpc_msg"}')), { result: { done: true } });
  });

  test('rpc_refusedByFireblocks_isAnErrorWithTheRelaysCode', async () => {
    const stage = await RealStage.start(relay);
    await stage.answer({ status: 400, body: '{"message":"no"}' });

    await assert.rejects(stage.client().rpc('{"method":"get_all_keys"}'), { code: 'REFUSED', upstreamStatus: 400 });
  });
});

async function receive(stage: RealStage, transport: TransportName, count: number, after?: string): Promise<RelayMessage[]> {
  const received: RelayMessage[] = [];
  const options = { transport, onGap: async () => 'stop' as const, ...(after === undefined ? {} : { after }) };
  for await (const message of stage.client().messages(options)) {
    received.push(message);
    if (received.length === count) {
      break;
    }
  }
  return received;
}
