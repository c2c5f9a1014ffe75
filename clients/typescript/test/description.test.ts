import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const DELIVERY = new URL('../../../../delivery-service/', import.meta.url);
const isInRepository = existsSync(new URL('openapi.yaml', DELIVERY));

/** The test's server and the client speak of nothing that the descriptions of the real service do not have. */
test('problems_areThoseOfTheOpenApi', { skip: !isInRepository }, () => {
  const described = read(new URL('openapi.yaml', DELIVERY));
  for (const path of ['messages:poll', 'messages', 'acks', 'stream', 'tickets', 'rpc', 'rpc/{requestId}']) {
    assert.ok(described.includes(`/v1/devices/{deviceId}/${path}:\n`), path);
  }
  for (const file of ['relay-server', 'relay-log', 'relay-calls', 'contract', 'rpc.test']) {
    const source = read(new URL(`../../test/${file}.ts`, import.meta.url));
    for (const [, problem] of source.matchAll(/new Refusal\(\s*\d+, '([a-z-]+)'/g)) {
      const isOurs = ['not-found', 'internal-error'].includes(problem as string);
      assert.ok(isOurs || described.includes(`urn:ncw-relay:problem:${problem}\n`), `${file}: ${problem}`);
    }
  }
});

test('webSocketMessages_areThoseOfTheAsyncApi', { skip: !isInRepository }, () => {
  const described = read(new URL('asyncapi.yaml', DELIVERY));
  const types = new Set<string>();
  for (const path of ['../../src/websocket.ts', '../../test/relay-server.ts']) {
    const source = read(new URL(path, import.meta.url));
    for (const [, type] of source.matchAll(/(?:type: |case )'([a-z_]+)'/g)) {
      types.add(type as string);
    }
  }
  assert.deepEqual(
    [...types].sort(),
    ['ack', 'acked', 'caught_up', 'credit', 'error', 'hello', 'msg', 'reset', 'welcome'],
  );
  types.forEach((type) => assert.ok(described.includes(`type: {const: ${type}}`), type));
  for (const code of [1012, 1013, 4400, 4401, 4403, 4409, 4410, 4429]) {
    assert.ok(described.includes(`${code} `), String(code));
  }
});

function read(url: URL): string {
  return readFileSync(url, 'utf8');
}
