import { byId, element, errorText, millisText } from './dom.js';
import { eventIdOf } from './ids.js';
import type { Numbers } from './numbers.js';
import type { Identity } from './phone.js';
import type { SentWebhook, Settings, Simulator } from './simulator.js';
import type { Ways } from './ways.js';
import { answerFor, isTransaction, STATUSES, webhookFor } from './webhook.js';

const PREFERRED = 'transaction.status.updated';

/** Fireblocks' buttons: it sends webhooks, and answers the next call in an unusual way. */
export class FireblocksPanel {
  private readonly version = byId<HTMLSelectElement>('version');
  private readonly type = byId<HTMLSelectElement>('type');
  private readonly status = byId<HTMLSelectElement>('status');

  constructor(
    private readonly simulator: Simulator,
    private readonly settings: Settings,
    private readonly identity: Identity,
    private readonly ways: Ways,
    private readonly numbers: Numbers,
    private readonly redraw: () => void,
  ) {
    this.status.replaceChildren(...STATUSES.map((status) => element('option', '', status)));
    this.status.value = 'PENDING_SIGNATURE';
    this.version.addEventListener('change', () => this.offerTypes());
    this.type.addEventListener('change', () => this.offerStatus());
    this.offerTypes();
    this.onClick('send', 'sent', () => this.send(false));
    this.onClick('send-forged', 'sent', () => this.send(true));
    this.onClick('send-twice', 'sent', () => this.sendTwice());
    this.onClick('set-answer', 'answer-state', () => this.arrange());
    this.onClick('reset-answer', 'answer-state', async () => {
      await simulator.resetAnswers();
      return 'Calls are answered as usual.';
    });
  }

  /** What the click does is said in the element with the other id. */
  private onClick(id: string, result: string, action: () => Promise<string>): void {
    byId(id).addEventListener('click', () => {
      action()
        .catch((error) => `failed: ${errorText(error)}`)
        .then((text) => (byId(result).textContent = text));
    });
  }

  private offerTypes(): void {
    const types = this.version.value === 'v1' ? this.settings.v1 : this.settings.v2;
    this.type.replaceChildren(...types.map((type) => element('option', '', type)));
    this.type.value = types.includes(PREFERRED) ? PREFERRED : (types.find(isTransaction) ?? types[0] ?? '');
    this.offerStatus();
  }

  private offerStatus(): void {
    this.status.disabled = !isTransaction(this.type.value);
  }

  private order(): Record<string, unknown> {
    return webhookFor(this.identity, this.type.value, this.status.value);
  }

  private async send(isForged: boolean): Promise<string> {
    const sent = await this.simulator.send({ ...this.order(), ...(isForged ? { forged: true } : {}) });
    await this.note(sent, isForged);
    return inWords(sent);
  }

  private async sendTwice(): Promise<string> {
    const first = await this.simulator.send(this.order());
    await this.note(first, false);
    const second = await this.simulator.repeat(first.body);
    await this.note(second, false);
    return `${inWords(first)}; the same again: ${inWords(second)}`;
  }

  private async note(sent: SentWebhook, isForged: boolean): Promise<void> {
    const id = await eventIdOf(sent.body);
    const attempt = sent.attempts[0];
    if (attempt) {
      const startedAt = Date.parse(attempt.startedAt);
      const status = attempt.status === undefined ? {} : { status: attempt.status };
      this.ways.sent(id, this.type.value, { startedAt, millis: attempt.millis, isForged, ...status });
      this.numbers.sent(id, startedAt, attempt.status === 200);
    }
    this.redraw();
  }

  private async arrange(): Promise<string> {
    const select = byId<HTMLSelectElement>('answer');
    await this.simulator.answerNext(answerFor(select.value));
    return `The next call is ${select.selectedOptions[0]?.textContent}.`;
  }
}

function inWords(sent: SentWebhook): string {
  const attempt = sent.attempts[0];
  return attempt?.status === undefined
    ? `no answer (${attempt?.failure ?? 'not sent'})`
    : `answered ${attempt.status} after ${millisText(attempt.millis)}`;
}
