import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RelayError } from '../../src/error.js';
import { keptIdentity, newIdentity } from '../src/identity.js';
import { Latency, MillisAxis } from '../src/latency.js';
import { endText } from '../src/phone.js';
import { answerFor, isTransaction, webhookFor } from '../src/webhook.js';

class FakeStore {
  text: string | null = null;

  getItem(): string | null {
    return this.text;
  }

  setItem(_: string, text: string): void {
    this.text = text;
  }
}

test('latency_quantilesAreValuesThatWereMeasured', () => {
  const latency = new Latency();
  assert.equal(latency.quantile(0.5), undefined);
  [5, 1, 9, 3].forEach((millis) => latency.add({ at: 0, millis }));
  assert.deepEqual([0.5, 0.95, 1].map((part) => latency.quantile(part)), [3, 9, 9]);
});

test('latency_keepsTheLatestSamples', () => {
  const latency = new Latency();
  for (let millis = 0; millis < 1_000; millis++) {
    latency.add({ at: 0, millis });
  }
  assert.equal(latency.samples.length, 500);
  assert.equal(latency.samples[0]?.millis, 500);
});

test('axis_hasRoomForTheLongest_andATickForEachPowerOfTen', () => {
  const axis = new MillisAxis([{ at: 0, millis: 2_500 }]);
  assert.deepEqual(axis.ticks().map(({ text }) => text), ['1 ms', '10 ms', '100 ms', '1 s', '10 s']);
  assert.equal(axis.part(0), 0);
  assert.equal(axis.part(100), 0.5);
  assert.equal(axis.part(10_000), 1);
});

test('identity_isKept_andANewOneReplacesIt', () => {
  const store = new FakeStore();
  const first = keptIdentity(store);
  assert.deepEqual(keptIdentity(store), first);
  const second = newIdentity(store);
  assert.notEqual(second.deviceId, first.deviceId);
  assert.deepEqual(keptIdentity(store), second);
  store.text = '{"deviceId":1';
  assert.notDeepEqual(keptIdentity(store), second);
});

test('webhook_isAboutThePhonesWallet', () => {
  const identity = { deviceId: 'd', walletId: 'w', userId: 'u' };
  assert.deepEqual(webhookFor(identity, 'embedded_wallet.created', 'X'), { type: 'embedded_wallet.created', walletId: 'w' });
  assert.equal(webhookFor(identity, 'TRANSACTION_CREATED', 'FAILED')['status'], 'FAILED');
  assert.equal(webhookFor(identity, 'NCW_DEVICE_MESSAGE', 'X')['deviceId'], 'd');
  assert.equal(webhookFor(identity, 'NCW_DEVICE_MESSAGE', 'X')['physicalDeviceId'], 'phone');
  assert.notEqual(webhookFor(identity, 'embedded_wallet.device.added', 'X')['deviceId'], 'd');
  assert.equal(isTransaction('vault_account.created'), false);
});

test('answers_areThoseOfThePage', () => {
  assert.deepEqual(answerFor('hold'), { holdSeconds: 10 });
  assert.deepEqual(answerFor('429'), { status: 429 });
});

test('end_isSaidInWords', () => {
  assert.match(endText(new RelayError('superseded', 'x')), /another tab/);
  assert.match(endText(new RelayError('unknown-device', 'x')), /register/);
  assert.match(endText(new RelayError('bad-request', 'why')), /bad-request, why/);
});
