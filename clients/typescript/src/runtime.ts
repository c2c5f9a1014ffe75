/** The part of a WebSocket that the client uses; browsers, React Native and the package `ws` have it. */
export interface Socket {
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** A constructor of WebSockets. */
export type SocketConstructor = new (url: string, protocol: string) => Socket;

/** What the client uses of its surroundings; tests replace it. */
export interface Runtime {
  fetch(url: string, init: RequestInit): Promise<Response>;
  readonly WebSocket: SocketConstructor | undefined;
  setTimeout(callback: () => void, millis: number): unknown;
  clearTimeout(timer: unknown): void;
  /** The time in milliseconds; only differences count. */
  now(): number;
  /** From 0 to less than 1. */
  random(): number;
  /** Calls the listener when the page or, with true, the network has come back, until the returned function is called. */
  onWake(listener: (isNewNetwork: boolean) => void): () => void;
}

/** The functions of the browser, of React Native or of Node. Looked up at each use, so that polyfills may come later. */
export function defaultRuntime(): Runtime {
  return {
    fetch: (url, init) => globalThis.fetch(url, init),
    get WebSocket() {
      return (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
    },
    setTimeout: (callback, millis) => setTimeout(callback, millis),
    clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    now: () => Date.now(),
    random: () => Math.random(),
    onWake: listenToPage,
  };
}

function listenToPage(listener: (isNewNetwork: boolean) => void): () => void {
  // React Native has a window without events, and Node has none: apps there call RelayClient.wake.
  const page = (globalThis as { document?: Document }).document;
  const visible = (): void => {
    if (page?.visibilityState === 'visible') {
      listener(false);
    }
  };
  const online = (): void => listener(true);
  globalThis.addEventListener?.('online', online);
  page?.addEventListener?.('visibilitychange', visible);
  return () => {
    globalThis.removeEventListener?.('online', online);
    page?.removeEventListener?.('visibilitychange', visible);
  };
}

/** A new request id. It need not be secret, only unique among the calls of a device. */
export function newRequestId(): string {
  // Not crypto.randomUUID: React Native and pages without TLS have none.
  let id = '';
  for (let digit = 0; digit < 32; digit++) {
    id += Math.floor(Math.random() * 16).toString(16);
  }
  return id;
}
