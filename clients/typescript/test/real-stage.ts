import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { RelayClient, type RelayMessage, type RelayOptions, type SocketConstructor } from '../src/index.js';
import { idOf } from './session.js';
import type { Stage } from './stage.js';

/** Where a running relay is. */
export interface RealRelay {
  /** The URL of delivery-service. */
  url: string;
  /** The URL of the simulator of Fireblocks, which issues tokens, sends webhooks and answers calls. */
  simulator: string;
}

/** A new device with a wallet and a user of its own at a running relay. */
export class RealStage implements Stage {
  readonly deviceId = randomUUID();
  readonly window = 256;
  readonly walletId = randomUUID();
  private readonly userId = `user-${this.deviceId}`;
  private readonly events = new Map<string, string>();

  private constructor(private readonly relay: RealRelay) {}

  static async start(relay: RealRelay): Promise<RealStage> {
    const stage = new RealStage(relay);
    await stage.register();
    return stage;
  }

  get url(): string {
    return this.relay.url;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** @param lifetime in seconds */
  async token(lifetime = 3600): Promise<string> {
    return this.issue(this.userId, '', lifetime);
  }

  async foreignToken(): Promise<string> {
    return this.issue('another-user', '');
  }

  async publish(ids: string[], more?: (id: string) => unknown): Promise<void> {
    for (const id of ids) {
      const event = this.events.get(id) ?? randomUUID();
      this.events.set(id, event);
      const data = { id, more: more?.(id), source: {} };
      await this.send({ type: 'transaction.status.updated', id: event, walletId: this.walletId, data });
    }
  }

  async acknowledged(): Promise<number> {
    const [first] = await this.peek();
    return first ? [...this.events.keys()].indexOf(idOf(first)) : this.events.size;
  }

  /** Sends a webhook, which must be accepted. */
  async send(webhook: object): Promise<void> {
    const { status } = (await this.post('/simulator/webhooks', webhook)) as { status: number };
    assert.equal(status, 200, 'ingress-service accepts the webhook');
  }

  /** Sets what Fireblocks answers to the calls of this device. */
  async answer(answer: object): Promise<void> {
    await this.post('/simulator/answers', { deviceId: this.deviceId, ...answer });
  }

  client(options: Partial<RelayOptions> = {}): RelayClient {
    return new RelayClient({
      baseUrl: this.url,
      deviceId: this.deviceId,
      token: () => this.token(),
      webSocket: WebSocket as unknown as SocketConstructor,
      ...options,
    });
  }

  async close(): Promise<void> {}

  /** Until ingress-service knows the device, it keeps an event, and a later one may come first. */
  private async register(): Promise<void> {
    const registered = await fetch(`${this.url}/v1/devices/${this.deviceId}`, {
      method: 'PUT',
      headers: {
        Authorization: `Bearer ${await this.issue('backend', 'devices:write')}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ walletId: this.walletId, userId: this.userId }),
    });
    assert.equal(registered.status, 201, await registered.text());
    await this.send({ type: 'embedded_wallet.created', walletId: this.walletId });
    for await (const message of this.client().messages({ transport: 'longpoll', onGap: async () => 'stop' })) {
      await message.ack();
      break;
    }
  }

  /** The first message that is not acknowledged. */
  private async peek(): Promise<RelayMessage[]> {
    const response = await fetch(`${this.url}/v1/devices/${this.deviceId}/messages?wait=0&limit=1`, {
      headers: { Authorization: `Bearer ${await this.token()}` },
    });
    assert.equal(response.status, 200);
    return ((await response.json()) as { messages: RelayMessage[] }).messages;
  }

  private async issue(subject: string, scope: string, lifetime = 3600): Promise<string> {
    const form = new URLSearchParams({ subject, scope, lifetime: `${lifetime}` });
    const response = await fetch(`${this.relay.simulator}/oidc/token`, { method: 'POST', body: form });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  private async post(path: string, order: object): Promise<unknown> {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(this.relay.simulator + path, { method: 'POST', headers, body: JSON.stringify(order) });
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}
