import { nodeText } from './nodes.js';
import type { FireblocksCall, JournalEntry, KafkaRecord } from './simulator.js';

/** Where a message or call passes. The second is ingress-service or rpc-service. */
export const PLACES = ['fireblocks', 'service', 'kafka', 'delivery', 'app'] as const;
export type Place = (typeof PLACES)[number];

/** One arrow of a way. */
export interface Hop {
  from: Place;
  to: Place;
  /** What passes, for people. */
  what: string;
  /** Milliseconds since the way began, if it was measured. */
  after?: number;
  isBad?: boolean;
}

/** What is known of the way of one message or call. */
export interface Way {
  kind: 'message' | 'call';
  id: string;
  title: string;
  hops: Hop[];
  /** Milliseconds from its beginning to the app, once it is there. */
  total?: number;
}

/** One attempt to deliver a webhook. Times are milliseconds of the epoch. */
export interface Attempt {
  startedAt: number;
  millis: number;
  /** Absent without an answer. */
  status?: number;
  isForged: boolean;
}

interface MessageFacts {
  id: string;
  type: string;
  attempts: Attempt[];
  records: KafkaRecord[];
  received?: { at: number; by: string };
  ackedAt?: number;
  storedAt?: number;
}

interface CallFacts {
  id: string;
  payloadSha256: string;
  method: string;
  begunAt: number;
  /** The node that each attempt went to, if there are several. */
  attempts: (number | undefined)[];
  request?: KafkaRecord;
  calls: FireblocksCall[];
  reply?: KafkaRecord;
  ended?: { at: number; what: string; isBad: boolean };
}

const KEPT = 40;

/**
 * Puts together what Fireblocks, Kafka and the app have seen of each message and call of one device, in whatever order it is
 * heard of. Only what was seen becomes an arrow, and only a time that was measured is one.
 */
export class Ways {
  private readonly messages = new Map<string, MessageFacts>();
  private readonly calls = new Map<string, CallFacts>();
  /** Calls of this device that no request of this page explains so far. */
  private unclaimed: FireblocksCall[] = [];
  private order: { kind: Way['kind']; id: string }[] = [];

  constructor(private readonly deviceId: string) {}

  /** Fireblocks has tried to deliver a webhook. */
  sent(eventId: string, type: string, attempt: Attempt): void {
    this.message(eventId, type).attempts.push(attempt);
  }

  /** Kafka or Fireblocks has seen something; of other devices it is not kept. */
  seen(entry: JournalEntry): void {
    if (entry.kind === 'call') {
      if (entry.deviceId === this.deviceId) {
        this.unclaimed.push(entry);
        this.claim();
      }
    } else if (entry.eventId !== undefined) {
      if (entry.deviceId === this.deviceId || (entry.deviceId === undefined && this.messages.has(entry.eventId))) {
        this.message(entry.eventId, entry.type ?? '').records.push(entry);
      }
    } else if (entry.requestId !== undefined && entry.deviceId === this.deviceId) {
      this.replyOrRequest(entry);
    }
  }

  /** The app has the message. */
  received(eventId: string, type: string, at: number, by: string): void {
    this.message(eventId, type).received ??= { at, by };
  }

  /** The app has acknowledged it, or one after it. */
  acked(eventId: string, at: number): void {
    const facts = this.messages.get(eventId);
    if (facts) {
      facts.ackedAt ??= at;
    }
  }

  /** The relay has stored the acknowledgement. */
  stored(eventId: string, at: number): void {
    const facts = this.messages.get(eventId);
    if (facts) {
      facts.storedAt ??= at;
    }
  }

  /** The app has sent a call. */
  called(requestId: string, payloadSha256: string, method: string, at: number, node?: number): void {
    if (!this.calls.has(requestId)) {
      this.enter('call', requestId);
      this.calls.set(requestId, { id: requestId, payloadSha256, method, begunAt: at, attempts: [node], calls: [] });
      this.claim();
    }
  }

  /** The same request was sent again. */
  repeated(requestId: string, node?: number): void {
    this.calls.get(requestId)?.attempts.push(node);
  }

  /** The app has the answer, or the reason why there is none. */
  answered(requestId: string, what: string, isBad: boolean, at: number): void {
    const facts = this.calls.get(requestId);
    if (facts) {
      facts.ended = { at, what, isBad };
    }
  }

  /** The ways, the newest first. */
  all(): Way[] {
    return this.order.map(({ kind, id }) =>
      kind === 'message' ? messageWay(this.messages.get(id) as MessageFacts) : callWay(this.calls.get(id) as CallFacts),
    );
  }

  private message(id: string, type: string): MessageFacts {
    let facts = this.messages.get(id);
    if (!facts) {
      this.enter('message', id);
      facts = { id, type, attempts: [], records: [] };
      this.messages.set(id, facts);
    }
    return facts;
  }

  private replyOrRequest(record: KafkaRecord): void {
    const facts = this.calls.get((record.requestId as string).replace(/~[^~]*$/, ''));
    if (facts && record.createdAt !== undefined) {
      facts.request ??= record;
      this.claim();
    } else if (facts && record.completedAt !== undefined) {
      facts.reply ??= record;
    }
  }

  /**
   * Finds the request of each call: by its key, or, of methods without one, by its payload, if only one request of this page
   * has that and had no answer then.
   */
  private claim(): void {
    this.unclaimed = this.unclaimed.filter((call) => {
      const candidates = [...this.calls.values()].filter((facts) =>
        call.idempotencyKey === undefined
          ? facts.payloadSha256 === call.payloadSha256 && !facts.ended && facts.begunAt <= call.receivedAt + 1
          : facts.request?.idempotencyKey === call.idempotencyKey,
      );
      if (candidates.length === 1) {
        (candidates[0] as CallFacts).calls.push(call);
      }
      return candidates.length !== 1;
    });
    this.unclaimed.splice(0, this.unclaimed.length - KEPT);
  }

  private enter(kind: Way['kind'], id: string): void {
    this.order.unshift({ kind, id });
    for (const old of this.order.splice(KEPT)) {
      (old.kind === 'message' ? this.messages : this.calls).delete(old.id);
    }
  }
}

function messageWay(facts: MessageFacts): Way {
  const { attempts, records, received, ackedAt, storedAt } = facts;
  // Without Fireblocks' part, sent by another page or program, the way begins where the relay had it.
  const began = attempts[0]?.startedAt ?? records[0]?.receivedAt ?? received?.at ?? 0;
  const { hops, add } = hopsSince(began);
  const left = [...records];
  for (const attempt of attempts) {
    const record = left[0]?.receivedAt !== undefined && isWithin(left[0].receivedAt, attempt) ? left.shift() : undefined;
    add('fireblocks', 'service', attempt.isForged ? 'webhook, signature forged' : 'webhook, signed', record?.receivedAt);
    if (record) {
      add('service', 'kafka', place(record), record.timestamp);
    }
    const isBad = attempt.status === undefined || attempt.status >= 300;
    add('service', 'fireblocks', `${attempt.status ?? 'no answer'}`, attempt.startedAt + attempt.millis, isBad);
  }
  left.forEach((record) => add('service', 'kafka', place(record), record.timestamp));
  if (received) {
    if (records.length > 0) {
      add('kafka', 'delivery', 'read, in order');
    }
    add('delivery', 'app', `message by ${received.by}`, received.at);
  }
  if (ackedAt !== undefined) {
    add('app', 'delivery', 'acknowledged', ackedAt);
  }
  if (storedAt !== undefined) {
    add('delivery', 'app', 'acknowledgement stored', storedAt);
  }
  const total = received && attempts.length > 0 ? { total: received.at - began } : {};
  return { kind: 'message', id: facts.id, title: facts.type, hops, ...total };
}

/** The arrows of a way that began at this time, and what adds one. */
function hopsSince(began: number): {
  hops: Hop[];
  add: (from: Place, to: Place, what: string, at?: number, isBad?: boolean) => void;
} {
  const hops: Hop[] = [];
  return {
    hops,
    add: (from, to, what, at, isBad) => {
      hops.push({ from, to, what, ...(at === undefined ? {} : { after: at - began }), ...(isBad ? { isBad } : {}) });
    },
  };
}

function callWay(facts: CallFacts): Way {
  const { begunAt, request, reply, ended } = facts;
  const { hops, add } = hopsSince(begunAt);
  const to = nodeText('to', facts.attempts);
  const times = facts.attempts.length > 1 ? `, sent ${facts.attempts.length} times with one id${to && ','}` : '';
  add('app', 'delivery', `call${times}${to}`, request?.createdAt);
  if (request) {
    add('delivery', 'kafka', place(request), request.timestamp);
  }
  for (const call of facts.calls) {
    if (request) {
      add('kafka', 'service', 'read');
    }
    const held = call.heldMillis > 0 ? `, held for ${call.heldMillis} ms` : '';
    add('service', 'fireblocks', `invoke, signed${held}`, call.receivedAt);
  }
  if (reply) {
    const isBad = reply.outcome !== 'ANSWERED';
    if (facts.calls.length > 0 && reply.status !== undefined) {
      const waited = `${reply.status} after ${reply.upstreamMillis} ms at Fireblocks`;
      add('fireblocks', 'service', waited, reply.completedAt, isBad);
    }
    add('service', 'kafka', `${reply.outcome}: ${place(reply)}`, reply.timestamp, isBad);
  }
  if (ended) {
    if (reply) {
      add('kafka', 'delivery', 'read');
    }
    add('delivery', 'app', ended.what, ended.at, ended.isBad);
  }
  const total = ended ? { total: ended.at - begunAt } : {};
  return { kind: 'call', id: facts.id, title: facts.method || 'call', hops, ...total };
}

function isWithin(at: number, attempt: Attempt): boolean {
  // Times of records are whole milliseconds.
  return at >= Math.floor(attempt.startedAt) && at <= attempt.startedAt + attempt.millis + 1;
}

function place(record: KafkaRecord): string {
  return `${record.topic}, partition ${record.partition}, offset ${record.offset}`;
}
