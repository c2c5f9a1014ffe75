// An app with Fireblocks' SDK: node flow.mjs <relay> <http|websocket> <device id>, the user's token in RELAY_TOKEN.
// Prints a line of JSON for each message the SDK emits and for what becomes of each of its operations.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { overHttp, overWebSocket } from './messages-handlers.mjs';

// The package has its build for Node under "require" only.
const sdk = createRequire(import.meta.url)('@fireblocks/ncw-js-sdk');
const [relay, transport, deviceId] = process.argv.slice(2);
const target = { relay, deviceId, token: process.env.RELAY_TOKEN };
const handler = transport === 'websocket' ? await overWebSocket(target) : overHttp(target);
const say = (line) => console.log(JSON.stringify(line));

async function operation(name, run) {
  try {
    await run();
    say({ operation: name, result: 'done' });
  } catch (error) {
    say({ operation: name, code: error.code ?? null, message: error.message });
  }
}

let wallet;
const pending = [];
await operation('initialize', async () => {
  wallet = await sdk.FireblocksNCWFactory({
    env: 'sandbox',
    deviceId,
    messagesHandler: {
      handleOutgoingMessage(message) {
        say({ emitted: JSON.parse(message).method, sha256: createHash('sha256').update(message).digest('hex') });
        const answer = handler.handleOutgoingMessage(message);
        pending.push(answer);
        return answer;
      },
    },
    eventsHandler: { handleEvent() {} },
    secureStorageProvider: new sdk.InMemorySecureStorageProvider(),
    storageProvider: new sdk.InMemoryStorageProvider(),
    logger: sdk.NullLoggerFactory(),
  });
});
await operation('sign', () => wallet.signTransaction('tx-1'));
await operation('generate', () => wallet.generateMPCKeys(new Set(['MPC_CMP_ECDSA_SECP256K1'])));
// The SDK does not wait for the answers to its reports.
await Promise.allSettled(pending);
handler.close();
process.exit(0);
