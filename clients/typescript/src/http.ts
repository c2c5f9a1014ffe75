import { RelayError, responseError } from './error.js';
import type { Runtime } from './runtime.js';

/** A request below the device's path. */
export interface HttpRequest {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  /** Sent as JSON; members that are undefined are left out. */
  body?: object;
}

/** Requests of one device with the user's token, which is kept until the relay refuses it. */
export class Http {
  private token: Promise<string> | undefined;

  /** The URL of the device. */
  readonly url: string;

  constructor(
    private readonly runtime: Runtime,
    baseUrl: string,
    deviceId: string,
    private readonly fetchToken: () => Promise<string>,
  ) {
    this.url = `${baseUrl.replace(/\/+$/, '')}/v1/devices/${encodeURIComponent(deviceId)}`;
  }

  /**
   * The response, if it is a success. A token that is refused is fetched anew, once.
   *
   * @throws RelayError
   */
  async request(path: string, request: HttpRequest, signal: AbortSignal): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      const token = this.currentToken();
      const response = await this.send(path, request, await token, signal);
      if (response.ok) {
        return response;
      }
      const error = await responseError(response);
      if (error.status !== 401) {
        throw error;
      }
      this.forgetToken(token);
      if (attempt > 0) {
        throw error;
      }
    }
  }

  /** Fetches the token anew before the next request, if it is still this one. */
  forgetToken(token = this.token): void {
    if (this.token === token) {
      this.token = undefined;
    }
  }

  private currentToken(): Promise<string> {
    // One fetch for all requests that need the token at the same time.
    this.token ??= Promise.resolve()
      .then(this.fetchToken)
      .catch((cause) => {
        this.token = undefined;
        throw new RelayError('token', 'the token could not be fetched', { cause });
      });
    return this.token;
  }

  private async send(path: string, request: HttpRequest, token: string, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { ...request.headers, Authorization: `Bearer ${token}` };
    const init: RequestInit = { method: request.method ?? 'GET', headers, signal, cache: 'no-store' };
    if (request.body) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(request.body);
    }
    try {
      return await this.runtime.fetch(`${this.url}/${path}`, init);
    } catch (cause) {
      throw networkError(cause);
    }
  }
}

/** The error of a connection that failed. */
export function networkError(cause?: unknown): RelayError {
  return cause instanceof RelayError ? cause : new RelayError('network', 'the connection failed', { cause });
}
