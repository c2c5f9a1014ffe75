import { Backoff } from './backoff.js';
import { networkError, type Http } from './http.js';
import { isTransient, RelayError } from './error.js';
import type { Runtime } from './runtime.js';
import { sleep, watched, type Condition } from './time.js';

const BATCH_MILLIS = 100;
const SEND_MILLIS = 15_000;
const LAST_SEND_MILLIS = 5_000;

/** Stores one acknowledgement: resolves when the relay has confirmed it. */
export type AckSender = (cursor: string) => Promise<void>;

interface Waiting {
  sequence: number;
  cursor: string;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Acknowledgements on their way to the relay. They are cumulative, so of those that wait only the latest is sent, one at a
 * time, and again until it is stored. Only what the app has acknowledged is ever sent.
 */
export class Acks {
  /** How a connection sends them; over HTTP where it has no way of its own. */
  sender: AckSender | undefined;
  private readonly backoff: Backoff;
  private waiting: Waiting[] = [];
  private latest = 0;
  private isSending = false;
  private isInFlight = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly http: Http,
    private readonly consumer: string | undefined,
    private readonly demanded: Condition,
    private readonly signal: AbortSignal,
  ) {
    this.backoff = new Backoff(runtime);
  }

  /** True while one is not stored. */
  get isPending(): boolean {
    return this.waiting.length > 0;
  }

  /** Acknowledges up to the message with this number of the app's order. */
  add(sequence: number, cursor: string): Promise<void> {
    if (this.signal.aborted) {
      return Promise.reject(ended());
    }
    const result = new Promise<void>((resolve, reject) => {
      // An acknowledgement of an earlier message is part of the later one.
      const last = this.waiting[this.waiting.length - 1];
      const isLatest = sequence > this.latest;
      if (!isLatest && !last) {
        resolve();
        return;
      }
      this.latest = Math.max(this.latest, sequence);
      this.waiting.push({ sequence: this.latest, cursor: isLatest || !last ? cursor : last.cursor, resolve, reject });
    });
    void this.send();
    return result;
  }

  /** Lets another request carry the latest one, if there is one that is not being sent; the request says if it was stored. */
  async carry<T>(request: (cursor: string | undefined) => Promise<T>): Promise<T> {
    const last = this.isInFlight ? undefined : this.waiting[this.waiting.length - 1];
    this.isInFlight ||= last !== undefined;
    try {
      const result = await request(last?.cursor);
      this.settle(last?.sequence ?? 0);
      return result;
    } finally {
      this.isInFlight &&= last === undefined;
    }
  }

  /** Those that wait were for positions that no longer exist. */
  reject(error: unknown): void {
    const failed = this.waiting;
    this.waiting = [];
    failed.forEach((one) => one.reject(error));
  }

  /** Ends it; with a signal, after a last attempt for what waits. */
  async close(within: AbortSignal | undefined): Promise<void> {
    const last = this.waiting[this.waiting.length - 1];
    if (last && within) {
      try {
        await watched(this.runtime, within, LAST_SEND_MILLIS, (signal) => this.post(last.cursor, signal));
        this.settle(last.sequence);
      } catch {
        // The messages come again.
      }
    }
    this.reject(ended());
  }

  private async send(): Promise<void> {
    if (this.isSending) {
      return;
    }
    this.isSending = true;
    let pause = BATCH_MILLIS;
    while (this.isPending) {
      await sleep(this.runtime, pause, this.signal);
      const last = this.waiting[this.waiting.length - 1];
      if (!last || this.signal.aborted) {
        break;
      }
      pause = this.isInFlight ? BATCH_MILLIS : await this.sendOne(last);
    }
    this.isSending = false;
  }

  /** Returns how long to wait before the next one. */
  private async sendOne(last: Waiting): Promise<number> {
    this.isInFlight = true;
    try {
      await (this.sender ?? this.overHttp)(last.cursor);
      this.settle(last.sequence);
      this.backoff.reset();
      return BATCH_MILLIS;
    } catch (error) {
      const failure = networkError(error);
      if (this.signal.aborted || isTransient(failure)) {
        return (failure.retryAfterMillis ?? 0) + this.backoff.next();
      }
      this.reject(failure);
      return 0;
    } finally {
      this.isInFlight = false;
    }
  }

  private readonly overHttp = (cursor: string): Promise<void> =>
    watched(this.runtime, this.signal, SEND_MILLIS, (signal) => this.post(cursor, signal));

  private async post(ack: string, signal: AbortSignal): Promise<void> {
    await this.http.request('acks', { method: 'POST', body: { consumer: this.consumer, ack } }, signal);
  }

  private settle(sequence: number): void {
    const stored = this.waiting.filter((one) => one.sequence <= sequence);
    this.waiting = this.waiting.filter((one) => one.sequence > sequence);
    stored.forEach((one) => one.resolve());
    this.demanded.notify();
  }
}

function ended(): RelayError {
  return new RelayError('aborted', 'the stream has ended before the acknowledgement was stored');
}
