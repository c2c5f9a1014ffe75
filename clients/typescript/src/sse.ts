import { problemError, RelayError } from './error.js';
import { EventParser, type StreamEvent } from './eventstream.js';
import { networkError } from './http.js';
import { SuspectPath, type Link } from './link.js';
import type { WireMessage } from './message.js';
import { watched } from './time.js';

/** The relay answers at once, if no proxy holds it back. */
const FIRST_BYTE_MILLIS = 10_000;
/** Two heartbeats of 15 s, and some time for them to arrive. */
const SILENCE_MILLIS = 35_000;
/** The relay disconnects a client that does not read for 10 s; before that the client leaves by itself. */
const FULL_MILLIS = 5_000;

/**
 * Server-sent events, read with `fetch`: unlike `EventSource` it sends the token as a header, sees the status of an answer,
 * and holds the relay back when the app is slow.
 */
export async function sse(link: Link): Promise<number> {
  try {
    return await watched(link.runtime, link.signal, FIRST_BYTE_MILLIS, async (signal, alive) => {
      const reader = await open(link, signal);
      const parser = new EventParser();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          throw new RelayError('network', 'the event stream was cut');
        }
        link.heard();
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          const pause = receive(link, event);
          if (pause !== undefined) {
            return pause;
          }
          if (link.inbox.room === 0) {
            alive(0);
            if (!(await hasRoomSoon(link, signal))) {
              return 0;
            }
          }
        }
        alive(SILENCE_MILLIS);
      }
    });
  } catch (error) {
    const failure = networkError(error);
    // A gateway's 5xx says that no node is there, which is so for every transport.
    const isBlocked = !failure.problem && failure.status !== undefined && failure.status < 500;
    throw isBlocked || failure.code === 'stalled' || failure.code === 'unsupported' ? new SuspectPath(failure) : failure;
  }
}

async function open(link: Link, signal: AbortSignal): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const query = [
    ['consumer', link.consumer],
    ['after', link.inbox.position],
  ]
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value as string)}`)
    .join('&');
  const response = await link.http.request(`stream?${query}`, { headers: { Accept: 'text/event-stream' } }, signal);
  if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
    throw new RelayError('unsupported', 'the answer is no event stream');
  }
  if (!response.body?.getReader) {
    throw new RelayError('unsupported', 'fetch cannot read a stream here');
  }
  return response.body.getReader();
}

/** Returns how long to wait before the next connection when this one is over. */
function receive(link: Link, event: StreamEvent): number | undefined {
  switch (event.type) {
    case 'message':
      link.inbox.offer(parse(event) as unknown as WireMessage);
      return undefined;
    case 'caught_up':
      link.inbox.advance(parse(event)['next']);
      return undefined;
    case 'reconnect':
      return Number(parse(event)['retryAfterMillis']) || 0;
    case 'reset':
      throw problemError(parse(event), 'position-gone', { status: 410 });
    case 'superseded':
      throw problemError({ detail: 'superseded by a newer connection of this consumer' }, 'superseded', { status: 409 });
    case 'forbidden':
      throw problemError({ detail: 'the device belongs to another user' }, 'foreign-device', { status: 403 });
    default:
      return undefined;
  }
}

function parse(event: StreamEvent): Record<string, unknown> {
  return JSON.parse(event.data) as Record<string, unknown>;
}

/** False when the app takes nothing for some time: then it is cheaper to come back with the cursor. */
async function hasRoomSoon(link: Link, signal: AbortSignal): Promise<boolean> {
  await watched(link.runtime, signal, FULL_MILLIS, (over) => link.inbox.whenRoom(over)).catch(() => undefined);
  return link.inbox.room > 0;
}
