import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test, type TestContext } from 'node:test';
import { RelayClient, RelayError, type MessagesOptions, type RelayMessage, type RelayOptions } from '../src/index.js';
import { BadProxy } from './bad-proxy.js';
import { Refusal } from './relay-log.js';
import { RelayServer } from './relay-server.js';
import { CountedRuntime, until } from './runtimes.js';
import { newSeed, seeded } from './seeded.js';

type Transport = NonNullable<MessagesOptions['transport']>;

/** The guarantees of every transport, over real HTTP and WebSockets. */
export function deliveryContract(transport: Transport): void {
  describe(`messages over ${transport}`, () => {
    let relay: RelayServer;
    let proxy: BadProxy;
    const sessions: Session[] = [];

    beforeEach(async () => {
      relay = await RelayServer.start();
      proxy = await BadProxy.to(relay.port);
    });

    afterEach(async () => {
      // Those of a failed test would keep the process alive.
      sessions.splice(0).forEach((session) => session.end().catch(() => {}));
      await proxy.close();
      await relay.close();
      assert.deepEqual(relay.violations, [], 'the client keeps to the protocol');
    });

    test('messages_comeInOrder_thoseBeforeAndThoseAfterTheConnection', async () => {
      relay.publish(ids(0, 70));
      const session = open();
      await session.received(70);
      relay.publish(ids(70, 75));

      await session.received(75);
      assert.deepEqual(session.ids, ids(0, 75));
      await session.end();
    });

    test('data_isWhatWasSent', async () => {
      const data = { text: 'Grüße é 世界 \u2028', nested: [1.5, null, { a: '\n' }] };
      relay.publish(['only'], () => data);
      const session = open();
      await session.received(1);

      const { message } = session.at(0);
      assert.deepEqual(message.data, data);
      assert.equal(message.type, 'transaction.status.updated');
      assert.equal(message.walletId, 'w-1');
      await session.end();
    });

    for (const round of [1, 2, 3]) {
      test(`cuts_loseRepeatAndReorderNothing_${round}`, (context) => cuts(context, transport));
    }

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

    test('duplicates_areDropped', async () => {
      relay.publish(['a', 'b', 'a', 'c', 'b', 'd']);
      const session = open();

      await session.received(4);
      assert.deepEqual(session.ids, ['a', 'b', 'c', 'd']);
      await session.end();
    });

    test('acknowledgements_areCumulativeAndOnlyForWhatWasTaken', async () => {
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

    test('breakingTheLoop_storesWhatWasAcknowledged', async () => {
      relay.publish(ids(0, 5));
      for await (const message of client().messages({ transport, onGap: async () => 'stop' })) {
        void message.ack();
        if (message.id === 'm-2') {
          break;
        }
      }

      assert.equal(relay.log.acknowledgedBy(''), 2);
      const session = open();
      await session.received(2);
      assert.deepEqual(session.ids, ['m-3', 'm-4']);
      await session.end();
    });

    test('after_beginsThere', async () => {
      relay.publish(ids(0, 5));
      const session = open({ after: relay.log.cursor(2) });
      await session.received(2);

      assert.deepEqual(session.ids, ['m-3', 'm-4']);
      assert.equal(session.at(0).message.cursor, relay.log.cursor(3));
      await session.end();
    });

    test('slowApp_holdsTheFlowBack', async () => {
      const counted = new CountedRuntime(20);
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

    test('unacknowledgedMessages_doNotStopTheFlow', async () => {
      relay.window = 50;
      relay.publish(ids(0, 220));
      const session = open();

      await session.received(220);
      assert.deepEqual(session.ids, ids(0, 220));
      assert.deepEqual(relay.log.acknowledgements, []);
      await session.end();
    });

    test('abort_endsEverything', async () => {
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

    test('tokenThatIsRefusedTwice_endsIt', async () => {
      const session = open({}, undefined, client({ token: async () => 'none' }));

      assert.equal((await session.failure()).code, 'unauthorized');
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

    test('onGap_isRequired', () => {
      assert.throws(() => client().messages({ transport } as MessagesOptions), TypeError);
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

    test('foreignDevice_endsIt', async () => {
      const path = /^(tickets|stream|messages:poll)$/;
      relay.refusals.push({ path, refusal: new Refusal(403, 'foreign-device') });
      const session = open();

      assert.equal((await session.failure()).code, 'foreign-device');
    });

    async function cuts(context: TestContext, over: Transport): Promise<void> {
      const seed = newSeed();
      context.diagnostic(`SEED=${seed} repeats this run`);
      const random = seeded(seed);
      // Early cuts hit handshakes and headers, late ones the messages.
      proxy.cutAfter = () => (proxy.cuts >= 20 ? Infinity : Math.floor(random() ** 2 * 40_000));
      const session = open(
        { transport: over },
        (message) => {
          taken = Math.max(taken, Number(message.id.slice(2)));
          if (random() < 0.2) {
            void message.ack();
            acknowledged = taken;
          }
        },
        client({ baseUrl: `${proxy.url}/base` }, new CountedRuntime(1, () => random() * 0.1)),
      );
      let taken = -1;
      let acknowledged = -1;
      for (let published = 0; published < 400; published += 20) {
        relay.publish(ids(published, published + 20), (id) => ({ id, more: 'ü'.repeat(Math.floor(random() * 300)) }));
        await new Promise((resolve) => setTimeout(resolve, random() * 20));
      }

      await session.received(400);
      assert.deepEqual(session.ids, ids(0, 400), `SEED=${seed}`);
      await until(() => relay.log.acknowledgedBy('') === acknowledged);
      assert.ok(proxy.cuts > 0);
      await session.end();
    }

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

/** An app that iterates until it is ended. */
class Session {
  private readonly messages: RelayMessage[] = [];
  private readonly aborting = new AbortController();
  private readonly loop: Promise<void>;

  constructor(
    client: RelayClient,
    options: MessagesOptions,
    handle: (message: RelayMessage) => unknown,
  ) {
    this.loop = this.iterate(client, { ...options, signal: this.aborting.signal }, handle);
    this.loop.catch(() => {});
  }

  get ids(): string[] {
    return this.messages.map((message) => message.id);
  }

  at(index: number): { message: RelayMessage } {
    return { message: this.messages[index] as RelayMessage };
  }

  /** Waits for this many messages, or for the one with this id. */
  async received(count: number, id?: string): Promise<void> {
    let failure: unknown;
    this.loop.catch((error) => (failure = error));
    await until(
      () => failure !== undefined || (id ? this.ids.includes(id) : this.messages.length >= count),
    );
    if (failure !== undefined) {
      throw failure;
    }
  }

  async failure(): Promise<RelayError> {
    const failure = await this.loop.then(
      () => assert.fail('the loop has ended without an error'),
      (error) => error,
    );
    assert.ok(failure instanceof RelayError, String(failure));
    return failure;
  }

  async end(): Promise<void> {
    this.aborting.abort();
    await this.loop;
  }

  private async iterate(
    client: RelayClient,
    options: MessagesOptions,
    handle: (message: RelayMessage) => unknown,
  ): Promise<void> {
    for await (const message of client.messages(options)) {
      this.messages.push(message);
      await handle(message);
    }
  }
}

export function ids(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `m-${from + index}`);
}
