import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KafkaRecord } from '../src/simulator.js';
import { Ways, type Hop } from '../src/ways.js';

const event: KafkaRecord = {
  kind: 'record',
  sequence: 1,
  topic: 'ncw.device.events',
  partition: 5,
  offset: 7,
  timestamp: 1_012,
  receivedAt: 1_004,
  eventId: 'e-1',
  type: 'transaction.created',
  deviceId: 'd-1',
};

const request: KafkaRecord = {
  kind: 'record',
  sequence: 2,
  topic: 'ncw.rpc.requests',
  partition: 5,
  offset: 3,
  timestamp: 2_006,
  createdAt: 2_005,
  requestId: 'r-1~s',
  idempotencyKey: 'k-1',
  deviceId: 'd-1',
};

function short(hops: Hop[]): string[] {
  return hops.map(({ from, to, after }) => `${from} ${to} ${after ?? '-'}`);
}

describe('way of a message', () => {
  test('steps_haveTheTimesThatWereMeasured_andNoOthers', () => {
    const ways = new Ways('d-1');

    ways.sent('e-1', 'transaction.created', { startedAt: 1_000, millis: 20, status: 200, isForged: false });
    ways.seen(event);
    ways.received('e-1', 'transaction.created', 1_030, 'WebSocket');
    ways.acked('e-1', 1_031);
    ways.stored('e-1', 1_150);

    const [way] = ways.all();
    assert.deepEqual(short(way?.hops ?? []), [
      'fireblocks service 4',
      'service kafka 12',
      'service fireblocks 20',
      'kafka delivery -',
      'delivery app 30',
      'app delivery 31',
      'delivery app 150',
    ]);
    assert.equal(way?.total, 30);
    assert.match(way?.hops[1]?.what ?? '', /ncw\.device\.events, partition 5, offset 7/);
  });

  test('order_inWhichItIsHeardOf_makesNoDifference', () => {
    const steps: ((ways: Ways) => void)[] = [
      (ways) => ways.sent('e-1', 'transaction.created', { startedAt: 1_000, millis: 20, status: 200, isForged: false }),
      (ways) => ways.seen(event),
      (ways) => ways.received('e-1', 'transaction.created', 1_030, 'WebSocket'),
    ];
    const [forwards, backwards] = [steps, [...steps].reverse()].map((order) => {
      const ways = new Ways('d-1');
      order.forEach((step) => step(ways));
      return ways.all();
    });
    assert.deepEqual(backwards, forwards);
  });

  test('withoutKafka_nothingIsSaidOfIt', () => {
    const ways = new Ways('d-1');
    ways.sent('e-1', 't', { startedAt: 1_000, millis: 20, status: 200, isForged: false });
    ways.received('e-1', 't', 1_030, 'long polling');
    assert.deepEqual(short(ways.all()[0]?.hops ?? []), ['fireblocks service -', 'service fireblocks 20', 'delivery app 30']);
  });

  test('forgedWebhook_endsAtIngress', () => {
    const ways = new Ways('d-1');
    ways.sent('e-1', 't', { startedAt: 1_000, millis: 3, status: 401, isForged: true });
    const hops = ways.all()[0]?.hops ?? [];
    assert.deepEqual(short(hops), ['fireblocks service -', 'service fireblocks 3']);
    assert.equal(hops[1]?.isBad, true);
  });

  test('webhookSentTwice_hasTwoRecords_eachAtItsAttempt', () => {
    const ways = new Ways('d-1');
    ways.sent('e-1', 't', { startedAt: 1_000, millis: 20, status: 200, isForged: false });
    ways.sent('e-1', 't', { startedAt: 1_040, millis: 10, status: 200, isForged: false });
    ways.seen(event);
    ways.seen({ ...event, offset: 8, receivedAt: 1_042, timestamp: 1_044 });
    const [way] = ways.all();
    assert.deepEqual(short(way?.hops ?? []), [
      'fireblocks service 4',
      'service kafka 12',
      'service fireblocks 20',
      'fireblocks service 42',
      'service kafka 44',
      'service fireblocks 50',
    ]);
  });

  test('recordsOfOtherDevices_areNotShown', () => {
    const ways = new Ways('d-2');
    ways.seen(event);
    ways.seen(request);
    assert.deepEqual(ways.all(), []);
  });

  test('eventWithoutDevice_isShown_ifThisPageSentIt', () => {
    const ways = new Ways('d-1');
    const { deviceId: _, ...kept } = { ...event, topic: 'ncw.workspace.events' };
    ways.seen({ ...kept, eventId: 'e-2' });
    ways.sent('e-1', 't', { startedAt: 1_000, millis: 20, status: 200, isForged: false });
    ways.seen(kept);
    assert.equal(ways.all().length, 1);
    assert.match(ways.all()[0]?.hops[1]?.what ?? '', /workspace/);
  });

  test('oldWays_areForgotten', () => {
    const ways = new Ways('d-1');
    for (let n = 0; n < 100; n++) {
      ways.received(`e-${n}`, 't', n, 'WebSocket');
    }
    assert.equal(ways.all().length, 40);
    assert.equal(ways.all()[0]?.id, 'e-99');
  });
});

describe('way of a call', () => {
  const call = {
    kind: 'call' as const,
    sequence: 3,
    receivedAt: 2_010,
    deviceId: 'd-1',
    method: 'm',
    idempotencyKey: 'k-1',
    payloadSha256: 'h',
    heldMillis: 0,
  };
  const reply: KafkaRecord = {
    kind: 'record',
    sequence: 4,
    topic: 'ncw.rpc.replies',
    partition: 5,
    offset: 3,
    timestamp: 2_021,
    completedAt: 2_020,
    upstreamMillis: 11,
    outcome: 'ANSWERED',
    status: 200,
    requestId: 'r-1~s',
    deviceId: 'd-1',
  };

  test('steps_haveTheTimesThatWereMeasured_andNoOthers', () => {
    const ways = new Ways('d-1');
    ways.called('r-1', 'h', 'm', 2_000);
    [request, call, reply].forEach((entry) => ways.seen(entry));
    ways.answered('r-1', 'answered', false, 2_025);

    const [way] = ways.all();
    assert.deepEqual(short(way?.hops ?? []), [
      'app delivery 5',
      'delivery kafka 6',
      'kafka service -',
      'service fireblocks 10',
      'fireblocks service 20',
      'service kafka 21',
      'kafka delivery -',
      'delivery app 25',
    ]);
    assert.equal(way?.total, 25);
  });

  test('callAtFireblocks_belongsToTheRequestWithItsKey', () => {
    const ways = new Ways('d-1');
    ways.seen(call);
    ways.called('r-2', 'h', 'm', 2_000);
    ways.called('r-1', 'h', 'm', 2_000);
    ways.seen(request);
    const arrows = ways.all().map(({ id, hops }) => [id, hops.length]);
    assert.deepEqual(arrows, [
      ['r-1', 4],
      ['r-2', 1],
    ]);
  });

  test('callWithoutKey_isShown_ifOnlyOneRequestCanBeMeant', () => {
    const { idempotencyKey: _, ...keyless } = call;
    const one = new Ways('d-1');
    one.called('r-1', 'h', 'm', 2_000);
    one.seen(keyless);
    assert.equal(one.all()[0]?.hops.length, 2);

    const two = new Ways('d-1');
    two.called('r-1', 'h', 'm', 2_000);
    two.called('r-2', 'h', 'm', 2_000);
    two.seen(keyless);
    assert.deepEqual(two.all().map(({ hops }) => hops.length), [1, 1]);
  });

  test('repeatedCall_namesTheNodesOfItsAttempts', () => {
    const ways = new Ways('d-1');
    ways.called('r-1', 'h', 'm', 2_000, 1);
    assert.equal(ways.all()[0]?.hops[0]?.what, 'call to node 1');
    ways.repeated('r-1', 2);
    assert.equal(ways.all()[0]?.hops[0]?.what, 'call, sent 2 times with one id, to node 1, then node 2');
  });

  test('failure_isMarked', () => {
    const ways = new Ways('d-1');
    ways.called('r-1', 'h', 'm', 2_000);
    const { status: _, ...unanswered } = reply;
    ways.seen({ ...unanswered, outcome: 'AMBIGUOUS' });
    ways.answered('r-1', 'AMBIGUOUS', true, 2_030);
    assert.deepEqual(
      ways.all()[0]?.hops.map(({ isBad }) => isBad ?? false),
      [false, true, false, true],
    );
  });
});
