import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test, type TestContext } from 'node:test';
import { RelayClient, type MessagesOptions, type RelayMessage, type RelayOptions } from '../src/index.js';
import { BadProxy } from './bad-proxy.js';
import { CountedRuntime, eventually } from './runtimes.js';
import { newSeed, seeded } from './seeded.js';
import { idOf, ids, indexOf, Session } from './session.js';
import type { Stage } from './stage.js';

type Transport = NonNullable<MessagesOptions['transport']>;

/**
 * The guarantees of every transport at every relay, over real HTTP and WebSockets.
 *
 * @param start makes a device without messages, for one test
 * @param rounds how often connections are cut at random
 */
export function deliveryContract(transport: Transport, start: () => Promise<Stage>, rounds: number): void {
  // One after the other, also where others run meanwhile: they share the variables below.
  describe(`messages over ${transport}`, { concurrency: 1 }, () => {
    let stage: Stage;
    let proxy: BadProxy;
    const sessions: Session[] = [];

    beforeEach(async () => {
      stage = await start();
      proxy = await BadProxy.to(stage.port);
    });

    afterEach(async () => {
      // Those of a failed test would keep the process alive.
      sessions.splice(0).forEach((session) => session.end().catch(() => {}));
      await proxy.close();
      await stage.close();
    });

    test('messages_comeInOrder_thoseBeforeAndThoseAfterTheConnection', async () => {
      await stage.publish(ids(0, 70));
      const session = open();
      await session.received(70);
      await stage.publish(ids(70, 75));

      await session.received(75);
      assert.deepEqual(session.ids, ids(0, 75));
      await session.end();
    });

    test('data_isWhatWasSent', async () => {
      const more = { text: 'Grüße é 世界 \u2028', nested: [1.5, null, { a: '\n' }] };
      await stage.publish(['only'], () => more);
      const session = open();
      await session.received(1);

      const { message } = session.at(0);
      assert.deepEqual((message.data as { more: unknown }).more, more);
      assert.equal(message.type, 'transaction.status.updated');
      assert.ok(message.walletId);
      await session.end();
    });

    for (let round = 1; round <= rounds; round++) {
      test(`cuts_loseRepeatAndReorderNothing_${round}`, (context) => cuts(context));
    }

    test('duplicates_areDropped', async () => {
      await stage.publish(['a', 'b', 'a', 'c', 'b', 'd']);
      const session = open();

      await session.received(4);
      assert.deepEqual(session.ids, ['a', 'b', 'c', 'd']);
      await session.end();
    });

    test('acknowledgements_areCumulativeAndOnlyForWhatWasTaken', async () => {
      await stage.publish(ids(0, 30));
      const session = open({}, async (message) => {
        if (indexOf(message) % 7 === 0) {
          await message.ack();
          assert.equal(await stage.acknowledged(), indexOf(message) + 1);
        }
      });

      await session.received(30);
      assert.equal(await stage.acknowledged(), 29);
      await session.end();
    });

    test('acknowledgements_thatAreNotAwaited_areStored', async () => {
      await stage.publish(ids(0, 60));
      const session = open({}, (message) => void message.ack());

      await session.received(60);
      await eventually(async () => assert.equal(await stage.acknowledged(), 60));
      await session.end();
    });

    test('breakingTheLoop_storesWhatWasAcknowledged', async () => {
      await stage.publish(ids(0, 5));
      for await (const message of client().messages({ transport, onGap: async () => 'stop' })) {
        void message.ack();
        if (idOf(message) === 'm-2') {
          break;
        }
      }

      assert.equal(await stage.acknowledged(), 3);
      const session = open();
      await session.received(2);
      assert.deepEqual(session.ids, ['m-3', 'm-4']);
      await session.end();
    });

    test('after_beginsThere', async () => {
      await stage.publish(ids(0, 5));
      const first = open();
      await first.received(5);
      await first.end();
      const session = open({ after: first.at(2).message.cursor });
      await session.received(2);

      assert.deepEqual(session.ids, ['m-3', 'm-4']);
      assert.equal(session.at(0).message.cursor, first.at(3).message.cursor);
      await session.end();
    });

    test('slowApp_getsEverythingInOrder', async () => {
      await stage.publish(ids(0, 100), () => 'x'.repeat(20_000));
      const busy = new Promise((resolve) => setTimeout(resolve, 1_000));
      const session = open({}, () => busy);

      await session.received(100);
      assert.deepEqual(session.ids, ids(0, 100));
      await session.end();
    });

    test('unacknowledgedMessages_doNotStopTheFlow', async () => {
      // Only WebSockets have a window.
      const count = transport === 'sse' || transport === 'longpoll' ? 80 : stage.window + 50;
      await stage.publish(ids(0, count));
      const session = open();

      await session.received(count);
      assert.deepEqual(session.ids, ids(0, count));
      assert.equal(await stage.acknowledged(), 0);
      await session.end();
    });

    test('abort_endsEverything', async () => {
      await stage.publish(ids(0, 3));
      const counted = new CountedRuntime();
      const session = open({}, (message) => void message.ack(), client({}, counted));
      await session.received(3);

      await session.end();
      assert.equal(counted.timers, 0);
      assert.equal(counted.listeners, 0);
    });

    test('tokenThatIsRefusedTwice_endsIt', async () => {
      const session = open({}, undefined, client({ token: async () => 'none' }));

      assert.equal((await session.failure()).code, 'unauthorized');
    });

    test('tokenOfAnotherUser_endsIt', async () => {
      const session = open({}, undefined, client({ token: () => stage.foreignToken() }));

      assert.equal((await session.failure()).code, 'foreign-device');
    });

    test('onGap_isRequired', () => {
      assert.throws(() => client().messages({ transport } as MessagesOptions), TypeError);
    });

    test('newerConnectionOfTheConsumer_endsTheOther', async () => {
      await stage.publish(['one']);
      const older = open({}, undefined, client({ consumer: 'phone' }));
      await older.received(1);
      const newer = open({ after: older.at(0).message.cursor }, undefined, client({ consumer: 'phone' }));

      // Between two polls there is no connection: then the newer one may be either of them.
      const [failure, left] = await Promise.race([
        older.failure().then((error) => [error, newer] as const),
        newer.failure().then((error) => [error, older] as const),
      ]);
      assert.equal(failure.code, 'superseded');
      assert.ok(left === newer || transport === 'longpoll');
      await stage.publish(['two']);
      await left.received(1, 'two');
      await left.end();
    });

    async function cuts(context: TestContext): Promise<void> {
      const seed = newSeed();
      context.diagnostic(`SEED=${seed} repeats this run`);
      const random = seeded(seed);
      // Early cuts hit handshakes and headers, late ones the messages. The first comes before all messages have.
      proxy.cutAfter = () =>
        proxy.cuts >= 12 ? Infinity : Math.floor(random() ** 2 * (proxy.cuts === 0 ? 2_000 : 40_000));
      let acknowledged = 0;
      const session = open(
        {},
        (message) => {
          if (random() < 0.2) {
            void message.ack();
            acknowledged = indexOf(message) + 1;
          }
        },
        client({ baseUrl: stage.url.replace(/:\d+/, `:${proxy.port}`) }, new CountedRuntime(1, () => random() * 0.1)),
      );
      for (let published = 0; published < 200; published += 10) {
        await stage.publish(ids(published, published + 10), () => 'ü'.repeat(Math.floor(random() * 300)));
        await new Promise((resolve) => setTimeout(resolve, random() * 20));
      }

      await session.received(200);
      assert.deepEqual(session.ids, ids(0, 200), `SEED=${seed}`);
      await eventually(async () => assert.equal(await stage.acknowledged(), acknowledged));
      assert.ok(proxy.cuts > 0);
      await session.end();
    }

    function client(options: Partial<RelayOptions> = {}, counted = new CountedRuntime()): RelayClient {
      return new RelayClient({
        baseUrl: stage.url,
        deviceId: stage.deviceId,
        token: () => stage.token(),
        runtime: counted.runtime,
        ...options,
      });
    }

    function open(
      options: Partial<MessagesOptions> = {},
      handle: (message: RelayMessage) => unknown = () => {},
      by: RelayClient = client(),
    ): Session {
      const session = new Session(by, { transport, onGap: async () => 'stop', ...options }, handle);
      sessions.push(session);
      return session;
    }
  });
}
