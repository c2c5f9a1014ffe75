import type { JournalEntry } from './simulator.js';

/** Lower-case hex of the SHA-256. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return [...(await digest(bytes))].map(hex).join('');
}

/**
 * The id under which the relay knows an event: of webhooks v2 Fireblocks' own, of v1, which have none, the SHA-256 of the body.
 */
export async function eventIdOf(body: string): Promise<string> {
  const { id } = JSON.parse(body) as { id?: unknown };
  return typeof id === 'string' ? id : sha256(new TextEncoder().encode(body));
}

/** The Idempotency-Key that rpc-service sends for a request of a device, by which Fireblocks' call of it is found. */
export async function idempotencyKey(deviceId: string, requestId: string): Promise<string> {
  const name = new TextEncoder().encode(deviceId + requestId);
  const bytes = new Uint8Array(4 + name.length);
  new DataView(bytes.buffer).setInt32(0, deviceId.length);
  bytes.set(name, 4);
  const uuid = (await digest(bytes)).slice(0, 16);
  // A UUID of version 8 (RFC 9562 section 5.8).
  uuid[6] = ((uuid[6] as number) & 0x0f) | 0x80;
  uuid[8] = ((uuid[8] as number) & 0x3f) | 0x80;
  const text = [...uuid].map(hex).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** The entry; if it is the record of a request, with its Idempotency-Key. */
export async function withKey(entry: JournalEntry): Promise<JournalEntry> {
  if (entry.kind === 'call' || entry.createdAt === undefined || !entry.deviceId || !entry.requestId) {
    return entry;
  }
  return { ...entry, idempotencyKey: await idempotencyKey(entry.deviceId, entry.requestId) };
}

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
