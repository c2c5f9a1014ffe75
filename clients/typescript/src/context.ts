import type { TransportChoice } from './choice.js';
import type { Http } from './http.js';
import type { Runtime, SocketConstructor } from './runtime.js';
import type { Condition } from './time.js';

/** What all streams and calls of one client share. */
export interface ClientContext {
  readonly runtime: Runtime;
  readonly http: Http;
  readonly consumer: string | undefined;
  /** The app's own WebSocket, if it gave one. */
  readonly webSocket: SocketConstructor | undefined;
  readonly choice: TransportChoice;
  /** Notified when the network or the page has come back. */
  readonly wake: Condition;
  /** How often the network has changed: connections of before are likely dead. */
  readonly networks: { count: number };
}
