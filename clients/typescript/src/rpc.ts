import { Backoff } from './backoff.js';
import type { ClientContext } from './context.js';
import { isTransient, RelayError } from './error.js';
import { networkError } from './http.js';
import { newRequestId } from './runtime.js';
import { sleep, watched } from './time.js';

/** How long the relay holds a request before it answers 202; proxies cut longer ones. */
const HOLD_SECONDS = 20;
const SLACK_MILLIS = 15_000;
const DEFAULT_TIMEOUT_MILLIS = 60_000;
/**
 * The relay remembers a request id for at least twice the 55 seconds that a call may take. A request that is repeated later
 * could run twice.
 */
const MAX_TIMEOUT_MILLIS = 110_000;

/** How to make a call. */
export interface RpcOptions {
  /** Ends the wait for the answer; the call itself continues at the relay. */
  signal?: AbortSignal;
  /** Milliseconds to wait for the answer, at most 110,000; 60,000 by default. */
  timeout?: number;
}

/** One call of the SDK to Fireblocks, with one request id, however often the connection is lost. */
export class RpcCall {
  private readonly requestId: string;
  private readonly backoff: Backoff;
  /** True when the relay has stored the call: then only the answer is asked for. */
  private isStored = false;

  constructor(
    private readonly context: ClientContext,
    private readonly payload: string,
  ) {
    this.requestId = newRequestId();
    this.backoff = new Backoff(context.runtime);
  }

  /** Fireblocks' answer, as text. */
  async answer({ signal, timeout = DEFAULT_TIMEOUT_MILLIS }: RpcOptions): Promise<string> {
    if (!(timeout > 0 && timeout <= MAX_TIMEOUT_MILLIS)) {
      throw new RangeError(`timeout must be at most ${MAX_TIMEOUT_MILLIS} ms, not ${timeout}`);
    }
    const ended = signal ?? new AbortController().signal;
    let last: unknown;
    try {
      return await watched(this.context.runtime, ended, timeout, (within) => this.repeat(within, (error) => (last = error)));
    } catch (error) {
      if (ended.aborted) {
        throw ended.reason ?? new RelayError('aborted', 'the call was aborted');
      }
      if (error instanceof RelayError && error.code !== 'stalled') {
        throw error;
      }
      throw new RelayError('timeout', `no answer within ${timeout} ms`, { cause: last });
    }
  }

  private async repeat(within: AbortSignal, onFailure: (error: unknown) => void): Promise<string> {
    const { runtime, wake } = this.context;
    while (!within.aborted) {
      const began = runtime.now();
      try {
        const response = await this.attempt(within);
        if (response.status !== 202) {
          return response.text;
        }
        this.isStored = true;
        this.backoff.reset();
        // A 202 that was not held would be asked for again at once.
        await sleep(runtime, began + 1000 - runtime.now(), within);
      } catch (error) {
        const failure = networkError(error);
        // The same id would get the same answer again, so that of Fireblocks' failures is final.
        if (within.aborted || !isTransient(failure) || failure.problem === 'rpc-failed') {
          throw failure;
        }
        onFailure(failure);
        await sleep(runtime, failure.retryAfterMillis ?? 0, within);
        await sleep(runtime, this.backoff.next(), within, wake);
      }
    }
    throw new RelayError('stalled', 'the time is over');
  }

  private attempt(within: AbortSignal): Promise<{ status: number; text: string }> {
    const { runtime, http } = this.context;
    return watched(runtime, within, HOLD_SECONDS * 1000 + SLACK_MILLIS, async (signal, alive) => {
      void this.giveUpOnNewNetwork(signal, alive);
      const response = this.isStored
        ? await http.request(`rpc/${this.requestId}?wait=${HOLD_SECONDS}`, {}, signal)
        : await http.request(
            'rpc',
            {
              method: 'POST',
              headers: { 'Request-Id': this.requestId, Prefer: `respond-async, wait=${HOLD_SECONDS}` },
              body: { message: this.payload },
            },
            signal,
          );
      return { status: response.status, text: await response.text() };
    });
  }

  /** A connection of the former network would not even fail for a while. */
  private async giveUpOnNewNetwork(signal: AbortSignal, alive: (millis: number) => void): Promise<void> {
    const { wake, networks } = this.context;
    const network = networks.count;
    while (!signal.aborted && networks.count === network) {
      await wake.wait(signal);
    }
    alive(1);
  }
}
