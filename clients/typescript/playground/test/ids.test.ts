import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventIdOf, idempotencyKey, withKey } from '../src/ids.js';

test('eventId_isThatOfTheWebhook_orTheHashOfItsBody', async () => {
  assert.equal(await eventIdOf('{"id":"e-1","eventType":"transaction.created"}'), 'e-1');
  assert.equal(
    await eventIdOf('{"type":"NCW_CREATED"}'),
    // printf '{"type":"NCW_CREATED"}' | sha256sum
    '77800590f9a16be3e855fc653a2896b649241fac78c52991d15d3efb758310e9',
  );
});

test('idempotencyKey_isThatOfRpcService', async () => {
  assert.equal(await idempotencyKey('device-1', 'request-1'), '9fb0c918-e1cb-8b39-901a-d5494e5fa975');
});

test('requestsOfTheRelay_haveTheirKey_andOtherEntriesHaveNone', async () => {
  const record = { kind: 'record' as const, sequence: 1, topic: 't', partition: 0, offset: 0, timestamp: 0, deviceId: 'device-1' };
  const request = await withKey({ ...record, requestId: 'request-1', createdAt: 1 });
  assert.equal(request.idempotencyKey, '9fb0c918-e1cb-8b39-901a-d5494e5fa975');
  const reply = { ...record, requestId: 'request-1', completedAt: 1 };
  assert.deepEqual(await withKey(reply), reply);
});
