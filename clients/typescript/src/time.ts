import { RelayError } from './error.js';
import type { Runtime } from './runtime.js';

/** Waits until notified. */
export class Condition {
  private readonly waiting = new Set<() => void>();

  /** Ends all waits. */
  notify(): void {
    for (const end of [...this.waiting]) {
      end();
    }
  }

  /** Resolves at the next {@link notify}, or when the signal is aborted. */
  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.waiting.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      if (signal.aborted) {
        resolve();
        return;
      }
      this.waiting.add(end);
      signal.addEventListener('abort', end);
    });
  }
}

/** Resolves after that time, at the condition's next notification, or when the signal is aborted. */
export async function sleep(
  runtime: Runtime,
  millis: number,
  signal: AbortSignal,
  wake: Condition = new Condition(),
): Promise<void> {
  if (millis <= 0) {
    return;
  }
  const over = new AbortController();
  const timer = runtime.setTimeout(() => over.abort(), millis);
  const abort = (): void => over.abort();
  signal.addEventListener('abort', abort);
  if (signal.aborted) {
    abort();
  }
  await wake.wait(over.signal);
  runtime.clearTimeout(timer);
  signal.removeEventListener('abort', abort);
}

/**
 * Runs work that must show a sign of life within each `millis`, or is aborted and fails with the code `stalled`. The
 * signal it gets is aborted in any case when it is over, so nothing that it opened stays open.
 *
 * @param work calls `alive` at each sign of life, with another time if the next one may take longer; 0 for no limit
 */
export async function watched<T>(
  runtime: Runtime,
  parent: AbortSignal,
  millis: number,
  work: (signal: AbortSignal, alive: (millis?: number) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let stalled = false;
  let timer: unknown;
  const alive = (next = millis): void => {
    runtime.clearTimeout(timer);
    timer =
      next > 0 && !controller.signal.aborted
        ? runtime.setTimeout(() => {
            stalled = true;
            abort();
          }, next)
        : undefined;
  };
  parent.addEventListener('abort', abort);
  try {
    if (parent.aborted) {
      abort();
    }
    alive();
    // A race, since not everything can be aborted: the app's token function, fetch in React Native.
    const aborted = new Condition().wait(controller.signal).then(() => Promise.reject(new RelayError('aborted', 'aborted')));
    return await Promise.race([work(controller.signal, alive), aborted]);
  } catch (error) {
    throw stalled && !parent.aborted ? new RelayError('stalled', `no sign of life for ${millis} ms`) : error;
  } finally {
    parent.removeEventListener('abort', abort);
    abort();
    runtime.clearTimeout(timer);
  }
}
