import type { Acks } from './acks.js';
import type { ClientContext } from './context.js';
import type { Inbox } from './inbox.js';

/** What one connection of any transport works with. */
export interface Link extends ClientContext {
  readonly inbox: Inbox;
  readonly acks: Acks;
  /** Ends the connection. */
  readonly signal: AbortSignal;
  /** To be called whenever something has come from the relay: this transport works. */
  heard(): void;
}

/**
 * Follows the stream from the inbox's position until the connection ends.
 *
 * @returns when it ended as the protocol provides: how many milliseconds to wait before the next one
 * @throws RelayError in all other cases
 */
export type Transport = (link: Link) => Promise<number>;

/** The fault of a path on which another transport may work. */
export class SuspectPath extends Error {
  constructor(readonly error: unknown) {
    super('this transport does not work here');
  }
}
