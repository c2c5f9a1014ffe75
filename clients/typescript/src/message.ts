/** A message as every transport carries it. */
export interface WireMessage {
  /** The id of the event, which stays the same when it is sent again. */
  readonly id: string;
  /** The position of the message; valid on every node and transport, for this device. */
  readonly cursor: string;
  /** The event's type, as Fireblocks names it. */
  readonly type: string;
  /** When it was created, as RFC 3339 writes it. */
  readonly createdAt: string;
  readonly walletId?: string;
  /** The installation that the message is for; only old device messages have one. */
  readonly physicalDeviceId?: string;
  /** The webhook's data as Fireblocks sent it, parsed. */
  readonly data: unknown;
}

/** A message for the app. */
export interface RelayMessage extends WireMessage {
  /**
   * Acknowledges this message and all before it; they are not sent to this consumer again. Acknowledgements are sent
   * together, at the latest a tenth of a second later, and again after a lost connection.
   *
   * @returns resolves when the relay has stored it. Need not be awaited: a rejection that is not handled is no error.
   */
  ack(): Promise<void>;
}

/** Messages after the position are no longer stored. */
export interface Gap {
  /** Why: their retention is over, the topic is new, the mailbox was full, or the device has a new owner. */
  readonly reason: 'retention' | 'generation' | 'trimmed' | 'foreign' | (string & {});
  /** The first cursor that can be served. */
  readonly earliest: string;
}

/** What to do at a {@link Gap}: go on from its earliest cursor, or end with the error `position-gone`. */
export type GapDecision = 'continue' | 'stop';

/** The ways in which messages can come. */
export type TransportName = 'websocket' | 'sse' | 'longpoll';
