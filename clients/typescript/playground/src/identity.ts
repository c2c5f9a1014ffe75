import type { Identity } from './phone.js';

const KEY = 'ncw-relay-playground-phone';

/** The part of the browser's storage that is used. */
export type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** The phone of this browser: the one that is kept, or a new one. */
export function keptIdentity(store: Store): Identity {
  try {
    const kept = JSON.parse(store.getItem(KEY) ?? '') as Partial<Identity>;
    if (kept.deviceId && kept.walletId && kept.userId) {
      return kept as Identity;
    }
  } catch {
    // Nothing is kept, or something else.
  }
  return newIdentity(store);
}

/** A phone that the relay does not know yet, which is kept from now on. */
export function newIdentity(store: Store): Identity {
  const deviceId = crypto.randomUUID();
  const identity = { deviceId, walletId: crypto.randomUUID(), userId: `playground-${deviceId}` };
  store.setItem(KEY, JSON.stringify(identity));
  return identity;
}
