import type { WireMessage } from './message.js';
import { Condition } from './time.js';

const CAPACITY = 64;
const KNOWN_IDS = 1_000;

/**
 * Messages that have come and that the app has not taken yet, in order.
 *
 * 1. It holds a bounded number of messages: transports wait for room before they accept more.
 * 2. A message whose id is among the latest thousand is dropped.
 * 3. What is in it is not lost when a connection ends: the position to continue from is after it.
 */
export class Inbox {
  /** Where the next connection continues; undefined before the first message, if the app gave none. */
  position: string | undefined;
  /** How many messages have been accepted. */
  accepted = 0;
  /** True while the app waits for a message. */
  isAwaited = false;
  /** Notified when the app has taken a message, begins to wait for one, or has an acknowledgement stored. */
  readonly demanded = new Condition();

  private readonly arrived = new Condition();
  private readonly queue: WireMessage[] = [];
  private readonly known = new Set<string>();
  private end: { error: unknown } | undefined;

  constructor(position: string | undefined) {
    this.position = position;
  }

  /** How many more messages fit. */
  get room(): number {
    return CAPACITY - this.queue.length;
  }

  /** Accepts the next message, whose position is then passed. */
  offer(message: WireMessage): void {
    this.position = message.cursor;
    this.accepted++;
    if (this.known.has(message.id)) {
      return;
    }
    this.known.add(message.id);
    if (this.known.size > KNOWN_IDS) {
      this.known.delete(this.known.values().next().value as string);
    }
    this.queue.push(message);
    this.arrived.notify();
  }

  /** Passes a position at which nothing was for this consumer. */
  advance(position: unknown): void {
    if (typeof position === 'string') {
      this.position = position;
    }
  }

  /** Resolves when this many messages fit, or when the signal is aborted. */
  async whenRoom(signal: AbortSignal, room = CAPACITY / 2): Promise<void> {
    while (this.room < room && !signal.aborted) {
      await this.demanded.wait(signal);
    }
  }

  /** Resolves when the app has taken everything and waits for more, or when the signal is aborted. */
  async whenAwaited(signal: AbortSignal): Promise<void> {
    while (!this.isAwaited && !signal.aborted) {
      await this.demanded.wait(signal);
    }
  }

  /** The next message; undefined when the signal is aborted. Fails as {@link fail} says, after all messages. */
  async take(signal: AbortSignal): Promise<WireMessage | undefined> {
    for (;;) {
      if (signal.aborted) {
        return undefined;
      }
      const message = this.queue.shift();
      this.isAwaited = !message;
      this.demanded.notify();
      if (message) {
        return message;
      }
      if (this.end) {
        throw this.end.error;
      }
      await this.arrived.wait(signal);
    }
  }

  /** No more messages come, for this reason. */
  fail(error: unknown): void {
    this.end ??= { error };
    this.arrived.notify();
  }
}
