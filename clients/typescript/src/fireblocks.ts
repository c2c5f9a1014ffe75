import type { RelayMessage } from './message.js';

/** The part of Fireblocks' SDK 7 and older that takes device messages. */
export interface IncomingMessages {
  handleIncomingMessage(message: string): unknown;
}

/** What Fireblocks' SDKs for JavaScript expect as `messagesHandler`. */
export interface OutgoingHandler {
  /** Carries a payload of the SDK to Fireblocks; resolves with Fireblocks' answer, parsed, its errors included. */
  handleOutgoingMessage<T = any>(message: string): Promise<T>;
}

/** The handlers of an app with SDK 7 or older, which receives its device messages through the relay. */
export interface MessageHandlers extends OutgoingHandler {
  /**
   * Passes a device message to the SDK; resolves when the SDK has processed it. True when it was one, false for all other
   * messages, which are left to the app.
   */
  handleIncomingMessage(message: RelayMessage): Promise<boolean>;
}

const DEVICE_MESSAGE = 'NCW_DEVICE_MESSAGE';

/** The handlers over these calls. */
export function messageHandlers(
  rpc: (payload: string) => Promise<string>,
  ncw: IncomingMessages | undefined,
): MessageHandlers {
  return {
    handleOutgoingMessage: async (message) => JSON.parse(await rpc(message)),
    async handleIncomingMessage(message) {
      if (!ncw || message.type !== DEVICE_MESSAGE) {
        return false;
      }
      // As Fireblocks' demo backend hands it on: the JSON text of the webhook's data.
      await ncw.handleIncomingMessage(JSON.stringify(message.data));
      return true;
    },
  };
}
