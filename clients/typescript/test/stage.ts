import assert from 'node:assert/strict';
import { RelayServer } from './relay-server.js';

/** One device at a relay, and its owner's backend: what the contract of all relays needs. */
export interface Stage {
  /** The base URL, and the port of it. */
  readonly url: string;
  readonly port: number;
  readonly deviceId: string;
  /** How many messages a WebSocket carries without an acknowledgement. */
  readonly window: number;
  /** A token of the device's user. */
  token(): Promise<string>;
  /** A valid token of a user whose device this is not. */
  foreignToken(): Promise<string>;
  /** Stores messages, one after the other. Their data has these ids, and what `more` says; the same id is the same event. */
  publish(ids: string[], more?: (id: string) => unknown): Promise<void>;
  /** How many of the messages are acknowledged by the consumer without a name. */
  acknowledged(): Promise<number>;
  close(): Promise<void>;
}

/** The server in Node, whose other sides a test may use too. */
export class ServerStage implements Stage {
  readonly deviceId = 'd-1';
  readonly window = 50;

  private constructor(readonly server: RelayServer) {
    server.window = this.window;
  }

  static async start(): Promise<ServerStage> {
    return new ServerStage(await RelayServer.start());
  }

  get url(): string {
    return this.server.url;
  }

  get port(): number {
    return this.server.port;
  }

  async token(): Promise<string> {
    return 'token-1';
  }

  async foreignToken(): Promise<string> {
    return this.server.foreignToken;
  }

  async publish(ids: string[], more?: (id: string) => unknown): Promise<void> {
    this.server.publish(ids, (id) => ({ id, more: more?.(id) }));
  }

  async acknowledged(): Promise<number> {
    return this.server.log.acknowledgedBy('') + 1;
  }

  async close(): Promise<void> {
    await this.server.close();
    assert.deepEqual(this.server.violations, [], 'the client keeps to the protocol');
  }
}
