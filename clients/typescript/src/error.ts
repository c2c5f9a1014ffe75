/** Members of a {@link RelayError}, all optional. */
export interface RelayErrorDetails {
  status?: number | undefined;
  problem?: string | undefined;
  reason?: string | undefined;
  earliest?: string | undefined;
  upstreamStatus?: number | undefined;
  retryAfterMillis?: number | undefined;
  cause?: unknown;
}

/**
 * Why the relay, or the way to it, refused or failed.
 *
 * `code` is stable. For a call that Fireblocks did not answer it is the relay's: `REFUSED`, `UNREACHABLE`, `AMBIGUOUS`,
 * `UNKNOWN`, `EXPIRED` or `TIMED_OUT`. For other problems it is the last part of the problem's type, such as `superseded`,
 * `unauthorized`, `foreign-device` or `position-gone`. The client's own are `timeout` (of a call), `aborted`, `network`,
 * `stalled`, `malformed`, `unsupported` (the transport is not available here), `token` (the app's function failed, see
 * `cause`) and `http-<status>` for an answer that is not the relay's.
 */
export class RelayError extends Error {
  readonly code: string;
  /** The HTTP status; on an event stream or WebSocket, that of the same problem over HTTP. */
  readonly status: number | undefined;
  /** The last part of the problem's type, where the relay itself answered. */
  readonly problem: string | undefined;
  /** Of `position-gone`: why messages are missing. */
  readonly reason: string | undefined;
  /** Of `position-gone`: the first cursor that can be served. */
  readonly earliest: string | undefined;
  /** Of `REFUSED`: the status with which Fireblocks rejected the call. */
  readonly upstreamStatus: number | undefined;
  /** How long the relay asks to wait before the next request. */
  readonly retryAfterMillis: number | undefined;

  constructor(code: string, message: string, details: RelayErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'RelayError';
    this.code = code;
    this.status = details.status;
    this.problem = details.problem;
    this.reason = details.reason;
    this.earliest = details.earliest;
    this.upstreamStatus = details.upstreamStatus;
    this.retryAfterMillis = details.retryAfterMillis;
  }
}

/** The error of a problem, as an HTTP body, an event or a WebSocket message has it. */
export function problemError(body: Record<string, unknown>, type: unknown, details: RelayErrorDetails): RelayError {
  const problem = String(type).split(':').pop() as string;
  const text = (name: string): string | undefined =>
    typeof body[name] === 'string' ? (body[name] as string) : undefined;
  const upstream = body['upstreamStatus'];
  return new RelayError(text('code') ?? problem, text('detail') ?? problem, {
    ...details,
    problem,
    reason: text('reason'),
    earliest: text('earliest'),
    upstreamStatus: typeof upstream === 'number' ? upstream : undefined,
  });
}

/** The error of a response that is not a success. */
export async function responseError(response: Response): Promise<RelayError> {
  const details = { status: response.status, retryAfterMillis: retryAfterMillis(response) };
  try {
    const body = (await response.json()) as Record<string, unknown>;
    if (String(body['type']).startsWith('urn:ncw-relay:')) {
      return problemError(body, body['type'], details);
    }
  } catch {
    // A proxy's page.
  }
  return new RelayError(`http-${response.status}`, `status ${response.status}, not from the relay`, details);
}

/** How long the response asks to wait (RFC 9110 section 10.2.3); undefined when it does not. */
export function retryAfterMillis(response: Response): number | undefined {
  const value = response.headers.get('Retry-After');
  if (!value) {
    return undefined;
  }
  // Proxies send dates, which are those of the wall clock.
  const millis = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return millis > 0 ? millis : undefined;
}

/** True when the same request may succeed later. */
export function isTransient(error: RelayError): boolean {
  const status = error.status;
  return status === undefined
    ? error.code !== 'unsupported' && error.code !== 'timeout'
    : status === 408 || status === 425 || status === 429 || status >= 500;
}

/** True when the way to the relay failed, and not the relay. */
export function isPathFault(error: RelayError): boolean {
  return error.problem === undefined && error.code !== 'token';
}
