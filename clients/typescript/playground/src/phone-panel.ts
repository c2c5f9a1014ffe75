import type { TransportName } from '../../src/message.js';
import { byId, errorText } from './dom.js';
import { newIdentity } from './identity.js';
import type { PhoneNetwork } from './network.js';
import type { Phone, PhoneState } from './phone.js';

/** The phone's buttons, and what is done to it. */
export class PhonePanel {
  private readonly state = byId('phone-state');
  private readonly trouble = byId('trouble-state');

  constructor(
    private readonly phone: Phone,
    private readonly network: PhoneNetwork,
  ) {
    byId('device').textContent = phone.identity.deviceId;
    byId('wallet').textContent = phone.identity.walletId;
    byId('register').addEventListener('click', () => void this.register());
    byId('connect').addEventListener('click', () => void this.connect());
    byId('disconnect').addEventListener('click', () => phone.disconnect());
    byId('offline').addEventListener('click', () => this.switchNetwork());
    byId('renew').addEventListener('click', () => {
      newIdentity(localStorage);
      location.assign('/');
    });
    byId('cut').addEventListener('click', () => {
      network.cut();
      this.trouble.textContent = 'All connections of the phone were cut; it connects again by itself.';
    });
    byId('expire').addEventListener('click', () => void this.expire());
    if (new URLSearchParams(location.search).has('connect')) {
      // Later: the page is not complete yet.
      queueMicrotask(() => void this.connect());
    }
  }

  show(state: PhoneState, text: string): void {
    if (this.state.textContent !== text) {
      this.state.textContent = text;
    }
    this.state.dataset['state'] = state;
    byId<HTMLButtonElement>('disconnect').disabled = !this.phone.isRunning;
  }

  private async register(): Promise<void> {
    try {
      await this.phone.register();
      this.state.textContent = 'registered';
    } catch (error) {
      this.state.textContent = `not registered: ${errorText(error)}`;
    }
  }

  private async connect(): Promise<void> {
    await this.phone.connect(byId<HTMLSelectElement>('transport').value as 'auto' | TransportName);
  }

  private switchNetwork(): void {
    if (this.network.isOnline) {
      this.phone.goOffline();
    } else {
      this.phone.comeBack();
    }
    byId('offline').setAttribute('aria-pressed', `${!this.network.isOnline}`);
  }

  private async expire(): Promise<void> {
    await this.phone.expireToken();
    this.trouble.textContent = 'The next request carries a token that has expired; the relay refuses it, and the phone fetches another.';
  }
}
