import WebSocket from 'ws';
import { defaultRuntime, type Runtime, type SocketConstructor } from '../src/runtime.js';

/** A runtime whose timers are counted, and whose clock may run faster. */
export class CountedRuntime {
  timers = 0;
  private readonly wakers = new Set<(isNewNetwork: boolean) => void>();

  constructor(
    private readonly speed = 1,
    private readonly random: () => number = () => 0.02,
  ) {}

  get listeners(): number {
    return this.wakers.size;
  }

  wake(isNewNetwork: boolean): void {
    this.wakers.forEach((waker) => waker(isNewNetwork));
  }

  get runtime(): Runtime {
    const open = new Set<unknown>();
    const real = defaultRuntime();
    return {
      ...real,
      WebSocket: WebSocket as unknown as SocketConstructor,
      random: this.random,
      now: () => Date.now() * this.speed,
      setTimeout: (callback, millis) => {
        const timer = real.setTimeout(() => {
          open.delete(timer);
          this.timers = open.size;
          callback();
        }, millis / this.speed);
        open.add(timer);
        this.timers = open.size;
        return timer;
      },
      clearTimeout: (timer) => {
        real.clearTimeout(timer);
        open.delete(timer);
        this.timers = open.size;
      },
      onWake: (listener) => {
        this.wakers.add(listener);
        return () => this.wakers.delete(listener);
      },
    };
  }
}

/** A runtime whose time is set by the test, and whose relay is a function. */
export class FakeRuntime implements Runtime {
  WebSocket: SocketConstructor | undefined;
  readonly timers = new Map<number, { at: number; callback: () => void }>();
  readonly requests: { url: string; init: RequestInit; at: number }[] = [];
  random = (): number => 0.5;
  answer: (url: string, init: RequestInit) => Response | Promise<Response> = () => new Response('{}');
  private time = 0;
  private ids = 0;
  private waker: ((isNewNetwork: boolean) => void) | undefined;

  async fetch(url: string, init: RequestInit): Promise<Response> {
    this.requests.push({ url, init, at: this.time });
    return this.answer(url, init);
  }

  setTimeout(callback: () => void, millis: number): unknown {
    this.timers.set(++this.ids, { at: this.time + millis, callback });
    return this.ids;
  }

  clearTimeout(timer: unknown): void {
    this.timers.delete(timer as number);
  }

  now(): number {
    return this.time;
  }

  onWake(listener: (isNewNetwork: boolean) => void): () => void {
    this.waker = listener;
    return () => (this.waker = undefined);
  }

  get isListening(): boolean {
    return this.waker !== undefined;
  }

  wake(isNewNetwork: boolean): void {
    this.waker?.(isNewNetwork);
  }

  /** Lets the time pass, and everything happen that is due until then. */
  async advance(millis: number): Promise<void> {
    const end = this.time + millis;
    await settle();
    for (;;) {
      const [id, next] = [...this.timers].sort(([, one], [, other]) => one.at - other.at)[0] ?? [];
      if (!next || next.at > end) {
        break;
      }
      this.timers.delete(id as number);
      this.time = next.at;
      next.callback();
      await settle();
    }
    this.time = end;
  }
}

/** Lets all that needs no time happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Waits for a condition, for half a minute at most. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error(`in vain: ${condition}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits until the check throws nothing, for half a minute at most. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
