import type { WireMessage } from '../src/message.js';

/** A request that is refused, with its problem. */
export class Refusal extends Error {
  readonly type: string;

  constructor(
    readonly status: number,
    problem: string,
    detail = problem,
    readonly members: Record<string, unknown> = {},
    readonly retryAfter?: number,
  ) {
    super(detail);
    this.type = `urn:ncw-relay:problem:${problem}`;
  }
}

/** The stored messages of a device and the positions of its consumers. An offset is an index. */
export class DeviceLog {
  /** The acknowledged offset of each consumer, in the order in which they came. */
  readonly acknowledgements: { consumer: string; offset: number }[] = [];

  private readonly messages: WireMessage[] = [];
  private readonly acknowledged = new Map<string, number>();
  private first = 0;
  private generation = 1;

  append(id: string, type: string, data: unknown): void {
    const cursor = this.cursor(this.messages.length);
    this.messages.push({ id, cursor, type, createdAt: '2026-01-02T03:04:05Z', walletId: 'w-1', data });
  }

  /** The messages before this offset are no longer stored. */
  trim(offset: number): void {
    this.first = offset;
  }

  /** The topic is deleted and made again: no cursor of before is valid. */
  recreate(): void {
    this.generation++;
    this.messages.length = 0;
    this.acknowledged.clear();
  }

  cursor(offset: number): string {
    return Buffer.from(`${this.generation}/${offset}`).toString('base64url');
  }

  /** The offset after which to begin; refused with 410 when it is not stored, unless `isLater` reports that later. */
  start(consumer: string, after: unknown, isLater = false): number {
    const offset = this.resolve(consumer, after);
    const lost = isLater ? undefined : this.lost(offset);
    if (lost) {
      throw new Refusal(410, 'position-gone', 'gone', lost);
    }
    return offset;
  }

  /** What a client is told whose position is no longer stored. */
  lost(offset: number): { reason: string; earliest: string } | undefined {
    return offset < this.first - 1 ? { reason: 'trimmed', earliest: this.cursor(this.first - 1) } : undefined;
  }

  has(offset: number): boolean {
    return offset + 1 < this.messages.length;
  }

  at(offset: number): WireMessage {
    return this.messages[offset] as WireMessage;
  }

  read(after: number, limit: number): { messages: WireMessage[]; next: string; more: boolean; caughtUp: boolean } {
    const messages = this.messages.slice(after + 1, after + 1 + limit);
    const upTo = after + messages.length;
    return { messages, next: this.cursor(upTo), more: this.has(upTo), caughtUp: !this.has(upTo) };
  }

  /** Stores an acknowledgement, which never goes back; returns its offset. */
  acknowledge(consumer: string, cursor: unknown): number {
    if (cursor === undefined) {
      return -1;
    }
    const offset = this.decode(String(cursor));
    this.acknowledged.set(consumer, Math.max(offset, this.acknowledgedBy(consumer)));
    this.acknowledgements.push({ consumer, offset });
    return offset;
  }

  acknowledgedBy(consumer: string): number {
    return this.acknowledged.get(consumer) ?? -1;
  }

  private resolve(consumer: string, after: unknown): number {
    switch (after) {
      case undefined:
        return Math.max(this.acknowledgedBy(consumer), this.first - 1);
      case 'earliest':
        return this.first - 1;
      case 'latest':
        return this.messages.length - 1;
      default:
        return this.decode(String(after));
    }
  }

  private decode(cursor: string): number {
    const [, generation, offset] = /^(\d+)\/(-?\d+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
    if (Number(generation) !== this.generation) {
      const reason = generation === undefined ? 'foreign' : 'generation';
      throw new Refusal(410, 'position-gone', 'gone', { reason, earliest: this.cursor(this.first - 1) });
    }
    return Number(offset);
  }
}
