import type { Runtime } from './runtime.js';

const BASE_MILLIS = 500;
const MAX_MILLIS = 30_000;

/**
 * How long to wait before the next attempt: exponential, with full jitter, so that clients which lost the same node do not
 * return together.
 */
export class Backoff {
  private attempts = 0;

  constructor(private readonly runtime: Runtime) {}

  /** The next wait in milliseconds. */
  next(): number {
    const ceiling = Math.min(MAX_MILLIS, BASE_MILLIS * 2 ** this.attempts++);
    return this.runtime.random() * ceiling;
  }

  /** The next wait is as short as the first. */
  reset(): void {
    this.attempts = 0;
  }
}
