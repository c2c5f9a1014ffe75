import { problemError, RelayError } from './error.js';
import { networkError } from './http.js';
import { SuspectPath, type Link } from './link.js';
import type { WireMessage } from './message.js';
import type { Socket } from './runtime.js';
import { sleep, watched } from './time.js';

const PROTOCOL = 'ncw.relay.v1+json';
/** From the ticket to the first message. */
const OPEN_MILLIS = 10_000;
/** A browser shows no heartbeats: after so much silence the client asks over HTTP whether it has missed something. */
const SILENCE_MILLIS = 60_000;
const MISSED_MILLIS = 10_000;
/** The relay stores an acknowledgement within 9 s, or refuses it. */
const CONFIRM_MILLIS = 15_000;
/** What the relay permits without acknowledgement, unless it says otherwise. */
const DEFAULT_WINDOW = 256;
const CREDIT_PORTION = 16;

/** With which problem the relay closes a WebSocket, and its status over HTTP. */
const CLOSED: Record<number, [problem: string, status: number]> = {
  1013: ['unavailable', 503],
  4400: ['bad-request', 400],
  4403: ['foreign-device', 403],
  4409: ['superseded', 409],
  4429: ['too-many-connections', 429],
};

/** One WebSocket, opened with a ticket, since a browser cannot send a header with it. */
export async function websocket(link: Link): Promise<number> {
  const { runtime, http } = link;
  const open = link.webSocket ?? runtime.WebSocket;
  if (!open) {
    throw new SuspectPath(new RelayError('unsupported', 'there is no WebSocket here'));
  }
  return watched(runtime, link.signal, OPEN_MILLIS, async (signal, alive) => {
    const response = await http.request('tickets', { method: 'POST' }, signal);
    const { ticket } = (await response.json()) as { ticket: string };
    const url = `${http.url.replace(/^http/, 'ws')}/ws?ticket=${encodeURIComponent(ticket)}`;
    return new SocketSession(link, new open(url, PROTOCOL), signal, alive).run();
  }).catch((error) => {
    throw error instanceof RelayError && error.code === 'stalled' ? new SuspectPath(error) : error;
  });
}

/** The protocol on one open socket. */
class SocketSession {
  private readonly acked = new Map<string, { resolve(): void; reject(error: unknown): void }>();
  /** Cursors of this connection's messages that are not acknowledged; the relay's window bounds them. */
  private readonly unacknowledged: string[] = [];
  private window = DEFAULT_WINDOW;
  private credit: number;
  private isHeard = false;
  private refusal: Record<string, unknown> | undefined;
  private resolve!: (pause: number) => void;
  private reject!: (error: unknown) => void;

  constructor(
    private readonly link: Link,
    private readonly socket: Socket,
    private readonly signal: AbortSignal,
    private readonly alive: (millis?: number) => void,
  ) {
    this.credit = link.inbox.room;
  }

  async run(): Promise<number> {
    const { socket, signal } = this;
    const result = new Promise<number>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const abort = (): void => this.reject(networkError());
    signal.addEventListener('abort', abort);
    if (signal.aborted) {
      abort();
    }
    socket.onopen = () => this.hello();
    socket.onmessage = (event: { data: unknown }) => this.receive(String(event.data));
    socket.onclose = (event: { code: number }) => this.closed(event.code);
    // The close event follows, and says more.
    socket.onerror = () => {};
    try {
      return await result;
    } finally {
      signal.removeEventListener('abort', abort);
      this.link.acks.sender = undefined;
      this.acked.forEach((one) => one.reject(networkError()));
      // Not to null: the package `ws` throws what nobody listens for.
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = () => {};
      socket.close();
    }
  }

  private hello(): void {
    const { consumer, inbox, acks } = this.link;
    this.send({ type: 'hello', consumer, after: inbox.position, credit: this.credit });
    acks.sender = (cursor) => this.acknowledge(cursor);
    void this.followDemand();
    void this.probe();
  }

  /** Resolves when the relay has confirmed it. A socket on which it does not is dead. */
  private async acknowledge(cursor: string): Promise<void> {
    const confirmed = new Promise<void>((resolve, reject) => this.acked.set(cursor, { resolve, reject }));
    this.send({ type: 'ack', ack: cursor });
    try {
      await watched(this.link.runtime, this.signal, CONFIRM_MILLIS, () => confirmed);
    } catch (error) {
      this.reject(networkError(error));
      throw error;
    }
  }

  private receive(text: string): void {
    try {
      const message = JSON.parse(text) as Record<string, unknown>;
      this.isHeard = true;
      // From here on silence means nothing: the relay's heartbeats are not visible.
      this.alive(0);
      this.link.heard();
      this.handle(message);
    } catch (error) {
      this.reject(error);
    }
  }

  private handle(message: Record<string, unknown>): void {
    const { inbox } = this.link;
    switch (message['type']) {
      case 'welcome':
        this.window = Number(message['window']) || DEFAULT_WINDOW;
        break;
      case 'msg':
        this.accept(message['message'] as WireMessage);
        break;
      case 'caught_up':
        inbox.advance(message['next']);
        break;
      case 'acked':
        this.confirm(String(message['ack']));
        break;
      case 'reset':
        throw problemError(message, 'position-gone', { status: 410 });
      case 'error':
        this.refusal = message;
        break;
      default:
    }
  }

  private accept(message: WireMessage): void {
    if (this.credit-- <= 0) {
      throw new RelayError('malformed', 'more messages than were asked for');
    }
    this.unacknowledged.push(message.cursor);
    this.link.inbox.offer(message);
    // A duplicate uses credit, and takes no room.
    this.grantCredit();
  }

  private confirm(cursor: string): void {
    this.unacknowledged.splice(0, this.unacknowledged.indexOf(cursor) + 1);
    this.acked.get(cursor)?.resolve();
    this.acked.delete(cursor);
  }

  /**
   * The relay sends no more than a window of unacknowledged messages. An app that goes on without acknowledging gets a new
   * window with a new connection, so that it is served as on other transports.
   */
  private async followDemand(): Promise<void> {
    const { inbox, acks } = this.link;
    while (!this.signal.aborted) {
      this.grantCredit();
      if (inbox.isAwaited && this.unacknowledged.length >= this.window && !acks.isPending) {
        this.resolve(0);
        return;
      }
      await inbox.demanded.wait(this.signal);
    }
  }

  /** Lets the relay send as much as the app has made room for, in portions. */
  private grantCredit(): void {
    const room = this.link.inbox.room - this.credit;
    if (room >= CREDIT_PORTION) {
      this.credit += room;
      this.send({ type: 'credit', n: room });
    }
  }

  /** Finds a socket that is dead, or held back by a proxy: it is silent, though there is a message. */
  private async probe(): Promise<void> {
    const { runtime, inbox } = this.link;
    while (!this.signal.aborted) {
      const { position, accepted } = inbox;
      await sleep(runtime, SILENCE_MILLIS, this.signal);
      const mayReceive = this.credit > 0 && this.unacknowledged.length < this.window;
      if (this.signal.aborted || !mayReceive || inbox.accepted !== accepted || position !== inbox.position) {
        continue;
      }
      try {
        if (await this.hasMissed()) {
          await sleep(runtime, MISSED_MILLIS, this.signal);
          if (inbox.accepted === accepted) {
            this.reject(new SuspectPath(new RelayError('stalled', 'the WebSocket holds messages back')));
          }
        }
      } catch (error) {
        this.reject(networkError(error));
      }
    }
  }

  private async hasMissed(): Promise<boolean> {
    const { runtime, http, consumer, inbox } = this.link;
    if (inbox.position === undefined) {
      return false;
    }
    const named = consumer === undefined ? '' : `&consumer=${encodeURIComponent(consumer)}`;
    const path = `messages?wait=0&limit=1&after=${encodeURIComponent(inbox.position)}${named}`;
    return watched(runtime, this.signal, OPEN_MILLIS, async (signal) => {
      const page = (await (await http.request(path, {}, signal)).json()) as { messages: unknown[] };
      return page.messages.length > 0;
    });
  }

  private closed(code: number): void {
    if (code === 1012) {
      this.resolve(0);
      return;
    }
    if (code === 4401) {
      this.link.http.forgetToken();
      this.resolve(0);
      return;
    }
    const detail = `the WebSocket was closed with code ${code}`;
    const [problem, status] = CLOSED[code] ?? [];
    if (problem) {
      this.reject(problemError({ detail, ...this.refusal }, this.refusal?.['problem'] ?? problem, { status }));
      return;
    }
    const failure = new RelayError('network', detail);
    this.reject(this.isHeard || code > 4000 ? failure : new SuspectPath(failure));
  }

  private send(message: object): void {
    try {
      this.socket.send(JSON.stringify(message));
    } catch {
      // It is closing; the close event follows.
    }
  }
}
