import { Acks } from './acks.js';
import { Backoff } from './backoff.js';
import type { ClientContext } from './context.js';
import { isPathFault, isTransient, RelayError } from './error.js';
import { networkError } from './http.js';
import { Inbox } from './inbox.js';
import { SuspectPath, type Link, type Transport } from './link.js';
import { longpoll } from './longpoll.js';
import type { Gap, GapDecision, RelayMessage, TransportName } from './message.js';
import { sse } from './sse.js';
import { sleep } from './time.js';
import { websocket } from './websocket.js';

/** A connection that lasted for this long was a good one. */
const GOOD_MILLIS = 10_000;
/** A path that cuts earlier than this may carry another transport better. */
const CUT_MILLIS = 30_000;
/** After so much silence a connection is replaced when the page comes back. */
const FRESH_MILLIS = 20_000;

const TRANSPORTS: Record<TransportName, Transport> = { websocket, sse, longpoll };

/** What to receive, and how. */
export interface MessagesOptions {
  /** `auto`, the default: WebSocket, server-sent events or long polling, the first that works here. */
  transport?: 'auto' | TransportName;
  /** Where to begin: a cursor, `earliest`, `latest` or an RFC 3339 time; by default after what is acknowledged. */
  after?: string;
  /** Ends the iteration, every connection and every timer. The loop then ends without an error. */
  signal?: AbortSignal;
  /**
   * Decides what happens when messages are missing, after all messages before the gap were taken. There is no default: an
   * app that goes on must reload what the missing messages would have changed.
   */
  onGap: (gap: Gap) => Promise<GapDecision>;
  /** Hears of each failure that the client recovers from by itself, and after how long it tries again. */
  onRetry?: (error: RelayError, delayMillis: number) => void;
}

/** Messages in order: the part of one iteration that goes on while the app works. */
export class Follower {
  readonly inbox: Inbox;
  readonly acks: Acks;

  private readonly stop = new AbortController();
  private readonly backoff: Backoff;
  private taken = 0;
  private heardAt = 0;

  constructor(
    private readonly context: ClientContext,
    private readonly options: MessagesOptions,
  ) {
    const { runtime, http, consumer } = context;
    this.inbox = new Inbox(options.after);
    this.backoff = new Backoff(runtime);
    this.acks = new Acks(runtime, http, consumer, this.inbox.demanded, this.stop.signal);
  }

  /** Yields the messages until the signal is aborted or the stream fails. */
  async *messages(): AsyncGenerator<RelayMessage, void, undefined> {
    const { signal } = this.options;
    const abort = (): void => this.stop.abort();
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) {
      abort();
    }
    const running = this.run().catch((error) => this.inbox.fail(error));
    try {
      for (;;) {
        const message = await this.inbox.take(this.stop.signal);
        if (!message) {
          return;
        }
        const sequence = ++this.taken;
        yield { ...message, ack: () => quietly(this.acks.add(sequence, message.cursor)) };
      }
    } finally {
      const isAborted = this.stop.signal.aborted;
      abort();
      signal?.removeEventListener('abort', abort);
      await running;
      // Otherwise the last messages of a loop that was left would come again.
      await this.acks.close(isAborted ? undefined : (signal ?? new AbortController().signal));
    }
  }

  private async run(): Promise<void> {
    const stopped = this.stop.signal;
    while (!stopped.aborted) {
      // A slow app holds no connection.
      await this.inbox.whenRoom(stopped);
      const delays = stopped.aborted ? undefined : await this.connectOnce();
      if (delays) {
        await sleep(this.context.runtime, delays.atLeast, stopped);
        await sleep(this.context.runtime, delays.jitter, stopped, this.context.wake);
      }
    }
  }

  /** Returns how long to wait before the next connection: the relay's wish, and a time that ends when it is woken. */
  private async connectOnce(): Promise<{ atLeast: number; jitter: number }> {
    const { runtime, choice } = this.context;
    const chosen = this.options.transport ?? 'auto';
    const name = chosen === 'auto' ? choice.next() : chosen;
    const began = runtime.now();
    const accepted = this.inbox.accepted;
    const connection = new AbortController();
    let isWorking = false;
    const link: Link = {
      ...this.context,
      inbox: this.inbox,
      acks: this.acks,
      signal: connection.signal,
      heard: () => {
        this.heardAt = runtime.now();
        if (!isWorking) {
          isWorking = true;
          choice.worked(name);
        }
      },
    };
    this.heardAt = began;
    const unlink = this.endWith(connection);
    const isGood = (): boolean => this.inbox.accepted > accepted || runtime.now() - began > GOOD_MILLIS;
    try {
      const pause = await TRANSPORTS[name](link);
      if (isGood() || (name === 'longpoll' && isWorking)) {
        this.backoff.reset();
        return { atLeast: pause, jitter: (pause / 2) * runtime.random() };
      }
      // A token that is about to expire opens connections that end at once.
      this.context.http.forgetToken();
      return { atLeast: pause, jitter: this.backoff.next() };
    } catch (error) {
      const isSuspect = error instanceof SuspectPath;
      const failure = networkError(isSuspect ? error.error : error);
      if (this.stop.signal.aborted || connection.signal.aborted) {
        return { atLeast: 0, jitter: 0 };
      }
      if (isGood()) {
        this.backoff.reset();
      }
      if (failure.problem === 'position-gone') {
        await this.decide(failure);
        return { atLeast: 0, jitter: this.backoff.next() };
      }
      const hasOther =
        chosen === 'auto' && isPathFault(failure) && this.blame(name, isSuspect, isWorking, runtime.now() - began);
      if (!isTransient(failure) && !hasOther) {
        throw failure;
      }
      const delays = { atLeast: failure.retryAfterMillis ?? 0, jitter: hasOther ? 0 : this.backoff.next() };
      this.options.onRetry?.(failure, delays.atLeast + delays.jitter);
      return delays;
    } finally {
      unlink();
      connection.abort();
    }
  }

  /** True when another transport should be tried at once. */
  private blame(name: TransportName, isSuspect: boolean, isWorking: boolean, lived: number): boolean {
    const { choice } = this.context;
    if (isSuspect || !isWorking) {
      return choice.failed(name, isSuspect);
    }
    if (lived > CUT_MILLIS) {
      choice.lasted(name);
      return false;
    }
    return choice.cut(name);
  }

  /** Ends the connection with the stream, and when something wakes the client while the connection may be dead. */
  private endWith(connection: AbortController): () => void {
    const { runtime, wake, networks } = this.context;
    const network = networks.count;
    const abort = (): void => connection.abort();
    this.stop.signal.addEventListener('abort', abort);
    const listen = async (): Promise<void> => {
      while (!connection.signal.aborted) {
        await wake.wait(connection.signal);
        if (networks.count > network || runtime.now() - this.heardAt > FRESH_MILLIS) {
          abort();
        }
      }
    };
    void listen();
    return () => this.stop.signal.removeEventListener('abort', abort);
  }

  private async decide(failure: RelayError): Promise<void> {
    const gap: Gap = { reason: failure.reason ?? 'retention', earliest: failure.earliest ?? 'earliest' };
    await this.inbox.whenAwaited(this.stop.signal);
    if (this.stop.signal.aborted) {
      return;
    }
    if (gap.reason === 'foreign' || gap.reason === 'generation') {
      // No position of before is valid, so neither is that of an acknowledgement.
      this.acks.reject(failure);
    }
    if ((await this.options.onGap(gap)) !== 'continue') {
      throw failure;
    }
    this.inbox.position = gap.earliest;
  }
}

/** A promise that need not be awaited. */
function quietly(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
