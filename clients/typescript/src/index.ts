export { RelayClient, type RelayOptions } from './client.js';
export { RelayError, type RelayErrorDetails } from './error.js';
export type { IncomingMessages, MessageHandlers, OutgoingHandler } from './fireblocks.js';
export type { Gap, GapDecision, RelayMessage, TransportName, WireMessage } from './message.js';
export type { RpcOptions } from './rpc.js';
export type { Socket, SocketConstructor } from './runtime.js';
export type { MessagesOptions } from './stream.js';
