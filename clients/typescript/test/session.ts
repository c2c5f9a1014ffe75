import assert from 'node:assert/strict';
import { RelayError, type MessagesOptions, type RelayClient, type RelayMessage } from '../src/index.js';
import { until } from './runtimes.js';

/** An app that iterates until it is ended. */
export class Session {
  private readonly messages: RelayMessage[] = [];
  private readonly aborting = new AbortController();
  private readonly loop: Promise<void>;

  constructor(
    client: RelayClient,
    options: MessagesOptions,
    handle: (message: RelayMessage) => unknown = () => {},
  ) {
    this.loop = this.iterate(client, { ...options, signal: this.aborting.signal }, handle);
    this.loop.catch(() => {});
  }

  /** The ids in the data of the messages. */
  get ids(): string[] {
    return this.messages.map(idOf);
  }

  at(index: number): { message: RelayMessage } {
    return { message: this.messages[index] as RelayMessage };
  }

  /** Waits for this many messages, or for the one with this id. */
  async received(count: number, id?: string): Promise<void> {
    let failure: unknown;
    this.loop.catch((error) => (failure = error));
    await until(
      () => failure !== undefined || (id ? this.ids.includes(id) : this.messages.length >= count),
    );
    if (failure !== undefined) {
      throw failure;
    }
  }

  async failure(): Promise<RelayError> {
    const failure = await this.loop.then(
      () => assert.fail('the loop has ended without an error'),
      (error) => error,
    );
    assert.ok(failure instanceof RelayError, String(failure));
    return failure;
  }

  async end(): Promise<void> {
    this.aborting.abort();
    await this.loop;
  }

  private async iterate(
    client: RelayClient,
    options: MessagesOptions,
    handle: (message: RelayMessage) => unknown,
  ): Promise<void> {
    for await (const message of client.messages(options)) {
      this.messages.push(message);
      await handle(message);
    }
  }
}

/** The id in the data of a message, which is the test's. */
export function idOf(message: RelayMessage): string {
  return (message.data as { id: string }).id;
}

/** The index of a message with one of the {@link ids}. */
export function indexOf(message: RelayMessage): number {
  return Number(idOf(message).slice(2));
}

export function ids(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `m-${from + index}`);
}
