import { TransportChoice } from './choice.js';
import { messageHandlers, type IncomingMessages, type MessageHandlers, type OutgoingHandler } from './fireblocks.js';
import { Http } from './http.js';
import type { RelayMessage } from './message.js';
import { RpcCall, type RpcOptions } from './rpc.js';
import { defaultRuntime, type Runtime, type SocketConstructor } from './runtime.js';
import type { ClientContext } from './context.js';
import { Follower, type MessagesOptions } from './stream.js';
import { Condition } from './time.js';

/** How to reach the relay. */
export interface RelayOptions {
  /** The URL of delivery-service, or of the load balancer in front of it; a path is kept. */
  baseUrl: string;
  /** The id that the app gave the device. */
  deviceId: string;
  /**
   * An access token of the device's user. Called when there is none yet and when the relay has refused the last one. If it
   * fails, it is called again later; to end after a sign-out, abort the signals.
   */
  token: () => Promise<string>;
  /**
   * A name for one of several independent readers of the device. Of two connections with the same name the newer wins. With
   * SDK 7 and older it is the physicalDeviceId, so that messages for other installations are left out.
   */
  consumer?: string;
  /** A WebSocket where the platform has none: Node 20 with the package `ws`. */
  webSocket?: SocketConstructor;
  /** @internal */
  runtime?: Runtime;
}

/** One device's connection to the relay. */
export class RelayClient {
  private readonly context: ClientContext;
  private uses = 0;
  private stopListening: (() => void) | undefined;

  constructor(options: RelayOptions) {
    // Not as a parameter pattern, which would show in the declarations.
    const { baseUrl, deviceId, token, consumer, webSocket, runtime = defaultRuntime() } = options;
    this.context = {
      runtime,
      http: new Http(runtime, baseUrl, deviceId, token),
      consumer,
      webSocket,
      choice: new TransportChoice(runtime),
      wake: new Condition(),
      networks: { count: 0 },
    };
  }

  /**
   * The messages of the device, in order, none left out and none twice. It connects when the iteration begins, goes on over
   * lost connections, and holds the relay back while the app is busy. Leaving the loop closes everything, after a last
   * attempt to send what was acknowledged. To end it while it waits for a message, abort the signal.
   *
   * A message that was not acknowledged comes again in the next iteration, unless that begins at a later cursor.
   *
   * @throws RelayError (by the iteration) `superseded` when a newer connection of the same consumer has taken over,
   *     `position-gone` when `onGap` decides to stop, and what else cannot be recovered from: `unauthorized`,
   *     `foreign-device`, `unknown-device`, `bad-request`, `too-many-consumers`
   */
  messages(options: MessagesOptions): AsyncGenerator<RelayMessage, void, undefined> {
    if (typeof options?.onGap !== 'function') {
      throw new TypeError('onGap is expected: what to do when messages are missing');
    }
    return this.follow(options);
  }

  private async *follow(options: MessagesOptions): AsyncGenerator<RelayMessage, void, undefined> {
    this.enter();
    try {
      yield* new Follower(this.context, options).messages();
    } finally {
      this.leave();
    }
  }

  /**
   * Sends a payload of the SDK to Fireblocks and returns the answer as it came, Fireblocks' errors included. A lost
   * connection repeats the request with the same request id, so that nothing runs twice.
   *
   * @throws RelayError with the relay's code when there is no answer of Fireblocks, `timeout` when the time is over
   */
  async rpc(payload: string, options: RpcOptions = {}): Promise<string> {
    this.enter();
    try {
      return await new RpcCall(this.context, payload).answer(options);
    } finally {
      this.leave();
    }
  }

  /**
   * The handlers for Fireblocks' SDKs: `messagesHandler: relay.fireblocksMessages()`.
   *
   * @param ncw the SDK itself, for version 7 and older, which takes device messages
   */
  fireblocksMessages(): OutgoingHandler;
  fireblocksMessages(ncw: IncomingMessages): MessageHandlers;
  fireblocksMessages(ncw?: IncomingMessages): MessageHandlers {
    return messageHandlers((payload) => this.rpc(payload), ncw);
  }

  /**
   * The network is another one, or is back: ends waits for the next attempt, and replaces connections. Browsers say so by
   * themselves; a React Native app calls it when it becomes active or is online again.
   */
  wake(): void {
    this.wakeUp(true);
  }

  private wakeUp(isNewNetwork: boolean): void {
    if (isNewNetwork) {
      this.context.networks.count++;
      this.context.choice.forget();
    }
    this.context.wake.notify();
  }

  private enter(): void {
    if (this.uses++ === 0) {
      this.stopListening = this.context.runtime.onWake((isNewNetwork) => this.wakeUp(isNewNetwork));
    }
  }

  private leave(): void {
    if (--this.uses === 0) {
      this.stopListening?.();
    }
  }
}
