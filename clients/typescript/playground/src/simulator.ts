/** What the page is told at its start. */
export interface Settings {
  /** The addresses of the nodes of delivery-service. */
  delivery: string[];
  /** Whether the relay's records are watched: without it the page has no partitions and offsets. */
  kafka: boolean;
  /** Event types of webhooks v1 and v2, as Fireblocks lists them. */
  v1: string[];
  v2: string[];
  /** The number of the latest entry of the journal. */
  journal: number;
}

/** A record of the relay in Kafka. Times are milliseconds of the epoch. */
export interface KafkaRecord {
  kind: 'record';
  sequence: number;
  topic: string;
  partition: number;
  offset: number;
  /** The record's own time. */
  timestamp: number;
  eventId?: string;
  type?: string;
  deviceId?: string;
  /** The client's id, a tilde, and the relay's suffix for the device's present owner. */
  requestId?: string;
  /** Of a request: the Idempotency-Key that Fireblocks is sent with it, unless the method may be repeated. */
  idempotencyKey?: string;
  /** When ingress-service had the webhook. */
  receivedAt?: number;
  /** When delivery-service had the call. */
  createdAt?: number;
  /** When rpc-service had the outcome of the call, which it waited for Fireblocks for upstreamMillis. */
  completedAt?: number;
  upstreamMillis?: number;
  outcome?: string;
  status?: number;
}

/** A call as it arrived at Fireblocks. */
export interface FireblocksCall {
  kind: 'call';
  sequence: number;
  receivedAt: number;
  deviceId: string;
  method: string;
  idempotencyKey?: string;
  payloadSha256: string;
  heldMillis: number;
}

export type JournalEntry = KafkaRecord | FireblocksCall;

/** The answer to a request to send a webhook: what its receiver said to the first attempt. */
export interface SentWebhook {
  delivery: number;
  state: string;
  status: number;
  body: string;
  attempts: { startedAt: string; millis: number; status?: number; failure?: string }[];
}

/** The simulator of Fireblocks that serves this page. */
export class Simulator {
  constructor(private readonly url = '') {}

  settings(): Promise<Settings> {
    return this.get('/playground/settings');
  }

  /** Entries after this number; waits for the next one for some seconds. `now` is the simulator's time. */
  journal(after: number): Promise<{ now: number; entries: JournalEntry[] }> {
    return this.get(`/playground/journal?after=${after}`);
  }

  /** @param lifetime in seconds; a negative one has expired already */
  async token(subject: string, scope: string, lifetime = 3600): Promise<string> {
    const form = new URLSearchParams({ subject, scope, lifetime: `${lifetime}` });
    const answer = await this.json<{ access_token: string }>('/oidc/token', { method: 'POST', body: form });
    return answer.access_token;
  }

  send(webhook: object): Promise<SentWebhook> {
    return this.post('/simulator/webhooks', webhook);
  }

  /** Sends the very bytes of a webhook again, signed anew. */
  repeat(body: string): Promise<SentWebhook> {
    return this.json('/simulator/webhooks/raw', { method: 'POST', body });
  }

  /** How the next call of any device is answered. */
  async answerNext(answer: object): Promise<void> {
    await this.post('/simulator/answers', answer);
  }

  async resetAnswers(): Promise<void> {
    await this.json('/simulator/answers', { method: 'DELETE' });
  }

  private get<T>(path: string): Promise<T> {
    return this.json(path, {});
  }

  private post<T>(path: string, body: object): Promise<T> {
    return this.json(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  }

  private async json<T>(path: string, init: RequestInit): Promise<T> {
    const response = await fetch(this.url + path, { ...init, cache: 'no-store' });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`the simulator answered ${response.status}: ${text.slice(0, 300)}`);
    }
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
