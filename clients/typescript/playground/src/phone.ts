import { RelayClient } from '../../src/client.js';
import { RelayError } from '../../src/error.js';
import type { RelayMessage, TransportName } from '../../src/message.js';
import type { PhoneNetwork } from './network.js';
import { nodeText, type Nodes } from './nodes.js';
import type { Simulator } from './simulator.js';

/** Who the phone is. All tabs of a browser share one, so that a second tab is the same phone. */
export interface Identity {
  deviceId: string;
  walletId: string;
  userId: string;
}

/** The phone's name as a reader: of two tabs with one name the newer receives. */
export const CONSUMER = 'phone';

/** How the phone's connection is. */
export type PhoneState = 'off' | 'connecting' | 'connected' | 'waiting' | 'ended';

/** What the page hears from the phone. */
export interface PhoneListener {
  state(state: PhoneState, text: string): void;
  message(message: RelayMessage): void;
}

const TRANSPORT_TEXT: Record<TransportName, string> = {
  websocket: 'WebSocket',
  sse: 'server-sent events',
  longpoll: 'long polling',
};

/** An app with the client library: registered by its backend, then connected by its user. */
export class Phone {
  /** The transport that carried something last, and its node, for people. */
  way: string | undefined;
  tokens = 0;
  gaps = 0;
  private token: string | undefined;
  private running: AbortController | undefined;
  private readonly client: RelayClient;

  constructor(
    readonly identity: Identity,
    private readonly nodes: Nodes,
    private readonly simulator: Simulator,
    private readonly network: PhoneNetwork,
    private readonly listener: PhoneListener,
  ) {
    this.client = new RelayClient({
      baseUrl: nodes.first,
      deviceId: identity.deviceId,
      consumer: CONSUMER,
      token: () => this.fetchToken(),
      runtime: network.runtime,
    });
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Registers the device, which the wallet vendor's backend does with a token of its own. */
  async register(): Promise<void> {
    const { deviceId, walletId, userId } = this.identity;
    const backend = await this.simulator.token('backend', 'devices:write');
    const { url, node } = this.nodes.next(`${this.nodes.first}/v1/devices/${encodeURIComponent(deviceId)}`);
    const response = await fetch(url, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${backend}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ walletId, userId }),
    }).catch((error) => {
      this.nodes.failed(node);
      throw error;
    });
    if (!response.ok) {
      throw new Error(`the relay answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    }
  }

  /** Receives until it is disconnected, or until another tab has taken over. */
  async connect(transport: 'auto' | TransportName): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.listener.state('connecting', 'connecting');
    let end: [PhoneState, string] = ['off', 'not connected'];
    try {
      const messages = this.client.messages({
        transport,
        signal: running.signal,
        onGap: async () => {
          this.gaps++;
          return 'continue';
        },
        onRetry: (error, millis) => {
          const seconds = (millis / 1000).toFixed(1);
          this.listener.state('waiting', `connection lost (${error.code}), next attempt in ${seconds} s`);
        },
      });
      for await (const message of messages) {
        this.listener.message(message);
      }
    } catch (error) {
      end = ['ended', endText(error)];
    }
    if (this.running === running) {
      this.running = undefined;
      this.listener.state(...end);
    }
  }

  disconnect(): void {
    this.running?.abort();
  }

  /** The network hears that a request for messages is sent. */
  asking(transport: TransportName, node?: number): void {
    if (this.running && transport === 'longpoll') {
      this.connected(transport, node);
    }
  }

  /** The network hears that a connection works. */
  connected(transport: TransportName, node?: number): void {
    this.way = TRANSPORT_TEXT[transport] + nodeText('from', [node]);
    if (this.running) {
      this.listener.state('connected', `connected by ${TRANSPORT_TEXT[transport]}${nodeText('to', [node])}`);
    }
  }

  /** Sends a payload to Fireblocks; the answer is the text that came back. */
  call(payload: string): Promise<string> {
    return this.client.rpc(payload);
  }

  goOffline(): void {
    this.network.goOffline();
  }

  comeBack(): void {
    this.network.comeBack();
    this.client.wake();
  }

  /** Replaces the token by one that has expired, and cuts the connection, so that the next request shows it. */
  async expireToken(): Promise<void> {
    const expired = await this.simulator.token(this.identity.userId, '', -600);
    if (this.token !== undefined) {
      this.network.replaceToken(this.token, expired);
    }
    this.network.cut();
  }

  private async fetchToken(): Promise<string> {
    this.tokens++;
    this.token = await this.simulator.token(this.identity.userId, '');
    return this.token;
  }
}

/** Why the phone does not receive any more, for people. */
export function endText(error: unknown): string {
  if (!(error instanceof RelayError)) {
    return `ended: ${error}`;
  }
  switch (error.code) {
    case 'superseded':
      return 'superseded: another tab receives the messages now';
    case 'unknown-device':
      return 'the relay does not know this device: register it';
    default:
      return `ended: ${error.code}, ${error.message}`;
  }
}
