import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { RelayClient, type MessagesOptions, type RelayError, type RelayMessage, type RelayOptions } from '../src/index.js';
import { deliveryContract } from './contract.js';
import { Refusal } from './relay-log.js';
import { RelayServer } from './relay-server.js';
import { CountedRuntime, until } from './runtimes.js';
import { ids, Session } from './session.js';
import { ServerStage } from './stage.js';

type Transport = NonNullable<MessagesOptions['transport']>;

/** The contract at the server in Node, and what only such a server can do: forget messages, refuse, say how much it sent. */
export function serverContract(transport: Transport): void {
  deliveryContract(transport, () => ServerStage.start(), 3);

  describe(`messages over ${transport}, from a server that a test directs`, () => {
    let relay: RelayServer;
    const sessions: Session[] = [];

    beforeEach(async () => {
      relay = await RelayServer.start();
    });

    afterEach(async () => {
      // Those of a failed test would keep the process alive.
      sessions.splice(0).forEach((session) => session.end().catch(() => {}));
      await relay.close();
      assert.deepEqual(relay.violations, [], 'the client keeps to the protocol');
    });

    test('farewells_loseAndRepeatNothing', async () => {
      const session = open();
      for (let round = 0; round < 4; round++) {
        relay.publish(ids(round * 10, round * 10 + 10));
        await session.received(round * 10 + 10);
        relay.farewell();
      }
      relay.publish(ids(40, 50));

      await session.received(50);
      assert.deepEqual(session.ids, ids(0, 50));
      await session.end();
    });

    test('acknowledgements_areOnlyForWhatWasTaken', async () => {
      relay.publish(ids(0, 60));
      let taken = -1;
      const overreach: number[] = [];
      const session = open({}, async (message) => {
        taken++;
        overreach.push(...relay.log.acknowledgements.filter((one) => one.offset >= taken).map((one) => one.offset));
        if (taken % 7 === 0) {
          await message.ack();
          assert.equal(relay.log.acknowledgedBy(''), taken);
        }
      });

      await session.received(60);
      assert.deepEqual(overreach, []);
      await session.end();
      const offsets = relay.log.acknowledgements.map((one) => one.offset);
      assert.deepEqual(offsets, [...offsets].sort((one, other) => one - other));
    });

    test('acknowledgements_ofABurstAreSentTogether', async () => {
      relay.publish(ids(0, 60));
      const session = open({}, (message) => void message.ack());

      await session.received(60);
      await until(() => relay.log.acknowledgedBy('') === 59);
      assert.ok(relay.log.acknowledgements.length < 10, `${relay.log.acknowledgements.length} for 60 messages`);
      await session.end();
    });

    test('slowApp_holdsTheFlowBack', async () => {
      const counted = new CountedRuntime(5);
      relay.publish(ids(0, 3_000), (id) => ({ id, more: 'x'.repeat(20_000) }));
      let go: () => void = () => {};
      const going = new Promise<void>((resolve) => (go = resolve));
      const session = open({}, () => going, client({}, counted));
      await session.received(1);

      // When the app does nothing, the transport has come to rest.
      let before = -1;
      for (let unchanged = 0; unchanged < 4; unchanged++) {
        if (before !== relay.sent) {
          before = relay.sent;
          unchanged = 0;
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      // Beyond the client's 64, event streams have what fits into the sockets' buffers.
      assert.ok(relay.sent <= (transport === 'sse' ? 1_200 : 200), `${relay.sent} messages were sent to a slow app`);
      go();
      await session.received(3_000);
      assert.deepEqual(session.ids, ids(0, 3_000));
      await session.end();
    });

    test('abort_endsAllConnections', async () => {
      relay.publish(ids(0, 3));
      const counted = new CountedRuntime();
      const session = open({}, (message) => void message.ack(), client({}, counted));
      await session.received(3);

      await session.end();
      assert.equal(counted.timers, 0);
      assert.equal(counted.listeners, 0);
      await until(() => relay.openConnections === 0);
    });

    test('expiredToken_isFetchedAnew', async () => {
      let fetches = 0;
      const session = open({}, undefined, client({ token: async () => `token-${++fetches}` }));
      relay.publish(['a']);
      await session.received(1);
      relay.tokens.clear();
      relay.tokens.add('token-2');
      relay.closeSockets(4401);
      relay.farewell();
      relay.publish(['b']);
      await session.received(2);
      relay.publish(['c']);

      await session.received(3);
      assert.deepEqual(session.ids, ['a', 'b', 'c']);
      assert.equal(fetches, 2);
      await session.end();
    });

    test('gap_isDecidedByTheApp_afterAllMessagesBeforeIt', async () => {
      relay.publish(ids(0, 3));
      const gaps: string[] = [];
      const session = open(
        {
          onGap: async ({ reason, earliest }) => {
            gaps.push(reason, ...session.ids);
            assert.equal(earliest, relay.log.cursor(9));
            return 'continue';
          },
        },
        (message) => {
          if (message.id === 'm-2') {
            relay.log.trim(10);
            relay.publish(ids(3, 12));
          }
        },
      );

      await session.received(5, 'm-11');
      assert.deepEqual(gaps, ['trimmed', 'm-0', 'm-1', 'm-2']);
      assert.deepEqual(session.ids, ['m-0', 'm-1', 'm-2', 'm-10', 'm-11']);
      await session.end();
    });

    test('gap_stopEndsWithTheEarliestCursor', async () => {
      relay.publish(ids(0, 10));
      relay.log.trim(5);
      const session = open({ after: relay.log.cursor(0), onGap: async () => 'stop' });

      const failure = await session.failure();
      assert.equal(failure.code, 'position-gone');
      assert.equal(failure.reason, 'trimmed');
      assert.equal(failure.earliest, relay.log.cursor(4));
      assert.deepEqual(session.ids, []);
    });

    test('gap_ofAnAcknowledgement_isNotRepeated', async () => {
      relay.publish(ids(0, 2));
      let stored: Promise<unknown> = Promise.resolve();
      const gaps: string[] = [];
      const session = open(
        {
          onGap: async (gap) => {
            gaps.push(gap.reason);
            return 'continue';
          },
        },
        (message) => {
          if (message.id === 'm-1') {
            relay.log.recreate();
            stored = message.ack().catch((error: RelayError) => error.code);
            relay.farewell();
            relay.publish(['new']);
          }
        },
      );

      await session.received(3, 'new');
      assert.ok(['position-gone', undefined].includes((await stored) as string | undefined));
      assert.ok(gaps.every((reason) => reason === 'generation'));
      await session.end();
    });

    test('newerConnectionOfTheConsumer_endsTheOlder', async () => {
      const older = open({ after: 'latest' }, undefined, client({ consumer: 'phone' }));
      await until(() => relay.readerCount === 1);
      relay.publish(['one']);
      await older.received(1);
      await until(() => relay.readerCount === 1);
      const newer = open({ after: 'latest' }, undefined, client({ consumer: 'phone' }));

      const failure = await older.failure();
      assert.equal(failure.code, 'superseded');
      await until(() => relay.readerCount === 1);
      relay.publish(['two']);
      await newer.received(1, 'two');
      await newer.end();
    });

    test('overload_isRetriedAfterTheTimeTheRelayAsksFor', async () => {
      relay.publish(['a']);
      const path = /^(tickets|stream|messages:poll)$/;
      relay.refusals.push({ path, refusal: new Refusal(429, 'too-fast', 'too fast', {}, 1) });
      relay.refusals.push({ path, refusal: new Refusal(503, 'unavailable', 'later', {}, 1) });
      const delays: number[] = [];
      const session = open({ onRetry: (_, delay) => delays.push(delay) });

      await session.received(1);
      assert.equal(delays.length, 2);
      assert.ok(delays.every((delay) => delay >= 1000));
      await session.end();
    });

    function client(options: Partial<RelayOptions> = {}, counted = new CountedRuntime()): RelayClient {
      return new RelayClient({
        baseUrl: relay.url,
        deviceId: 'd-1',
        token: async () => 'token-1',
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
