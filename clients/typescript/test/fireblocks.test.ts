import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RelayClient, type RelayMessage } from '../src/index.js';
import { FakeRuntime } from './runtimes.js';

const runtime = new FakeRuntime();
const relay = new RelayClient({ baseUrl: 'http://relay', deviceId: 'd-1', token: async () => 't', runtime });

test('handleOutgoingMessage_returnsTheParsedAnswer', async () => {
  runtime.answer = () => new Response('{"error":{"message":"Incomplete Device","code":1001}}');

  const answer = await relay.fireblocksMessages().handleOutgoingMessage('payload');
  assert.deepEqual(answer, { error: { message: 'Incomplete Device', code: 1001 } });
  assert.equal(runtime.requests.at(-1)?.init.body, '{"message":"payload"}');
});

test('handleIncomingMessage_passesDeviceMessagesOnly_asTheTextOfTheirData', async () => {
  const received: string[] = [];
  const handlers = relay.fireblocksMessages({ handleIncomingMessage: async (text) => received.push(text) });

  assert.equal(await handlers.handleIncomingMessage(message('NCW_DEVICE_MESSAGE', { message: 'opaque' })), true);
  assert.equal(await handlers.handleIncomingMessage(message('transaction.created', {})), false);
  assert.deepEqual(received, ['{"message":"opaque"}']);
});

test('handleIncomingMessage_failsWhenTheSdkDoes', async () => {
  const handlers = relay.fireblocksMessages({ handleIncomingMessage: () => Promise.reject(new Error('locked')) });

  await assert.rejects(handlers.handleIncomingMessage(message('NCW_DEVICE_MESSAGE', {})), /locked/);
});

function message(type: string, data: unknown): RelayMessage {
  return { id: 'e-1', cursor: 'c', createdAt: '2026-01-02T03:04:05Z', type, data, ack: async () => {} };
}
