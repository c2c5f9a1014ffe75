import { CONSUMER, type Identity } from './phone.js';

/** The states of a transaction that Fireblocks documents for end-user wallets, in their usual order. */
export const STATUSES = [
  'SUBMITTED',
  'PENDING_AUTHORIZATION',
  'PENDING_SIGNATURE',
  'BROADCASTING',
  'CONFIRMING',
  'COMPLETED',
  'CANCELLED',
  'REJECTED',
  'FAILED',
];

/** True for the types that carry a transaction, of webhooks v1 and v2. */
export function isTransaction(type: string): boolean {
  return /transaction/i.test(type) && !/network_records|travel_rule/.test(type);
}

/**
 * The request to the simulator for a webhook about the phone's wallet. Only a device message names the phone itself: an event
 * about a device that joins goes to the wallet's other devices.
 */
export function webhookFor(identity: Identity, type: string, status: string): Record<string, unknown> {
  const about = { type, walletId: identity.walletId };
  if (type === 'NCW_DEVICE_MESSAGE') {
    // Such a message is for one installation, whose id is the name that its consumer has.
    return { ...about, deviceId: identity.deviceId, physicalDeviceId: CONSUMER };
  }
  if (isTransaction(type)) {
    return { ...about, transactionId: crypto.randomUUID(), status };
  }
  return /device/i.test(type) ? { ...about, deviceId: crypto.randomUUID() } : about;
}

/** The request to the simulator for the next call, by what the page names it. */
export function answerFor(choice: string): object {
  switch (choice) {
    case 'hold':
      return { holdSeconds: 10 };
    case 'error':
      return { error: { message: 'Unexpected physicalDeviceId', code: -1 } };
    case 'cut':
      return { cut: 'reset' };
    default:
      return { status: Number(choice) };
  }
}
