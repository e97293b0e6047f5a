// Every request of the pages goes through here: own origin, the session's cookie, errors as one type.
import type { schemas } from './generated';

export type Api = schemas;
export type Page<T> = { result: T[]; next_cursor: string | null };
export type Query = Record<string, string | number | boolean | null | undefined>;

/** What the server refused, or why it could not be asked (status 0). `hint` says what to do next. */
export class ApiError extends Error {
  override name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint?: string,
    /** What else the answer says of it. */
    readonly body?: unknown,
  ) {
    super(message);
  }
}

/** The session has ended or there is none; whoever listens leads to the sign-in page. */
let sessionEnded: () => void = () => {};
export function onSessionEnded(listener: () => void): void {
  sessionEnded = listener;
}

export function pathWithQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

function errorOf(status: number, body: unknown): ApiError {
  const { message, details } = (body ?? {}) as Partial<schemas['Error']>;
  return new ApiError(
    status,
    details?.code ?? 'unexpected',
    message ?? `The server answered ${status} without saying why.`,
    details?.hint,
    body,
  );
}

/** A document that is sent as it is. */
export type Upload = { text: string | Blob; type: string };
type Options = {
  query?: Query;
  body?: unknown;
  upload?: Upload;
  signal?: AbortSignal;
  endsQuietly?: boolean;
};

async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(pathWithQuery(path, options.query), {
      method,
      credentials: 'same-origin',
      signal: options.signal,
      headers: {
        Accept: 'application/json',
        ...(method !== 'GET' && { 'X-Patchbay-Session': '1' }),
        ...(options.body !== undefined && { 'Content-Type': 'application/json' }),
        ...(options.upload && { 'Content-Type': options.upload.type }),
      },
      body: options.upload?.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, 'unreachable', 'Patchbay cannot be reached.', 'Check that it runs, and try again.');
  }
  const text = await response.text();
  let body: unknown;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    throw new ApiError(
      response.status,
      'no_json',
      `Something between this page and Patchbay answered ${response.status}, and no JSON.`,
      'Look at the reverse proxy.',
    );
  }
  if (response.ok) return body as T;
  if (response.status === 401 && !options.endsQuietly) sessionEnded();
  throw errorOf(response.status, body);
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>('GET', path, { query, signal }),
  post: <T>(path: string, body?: unknown, signal?: AbortSignal) => request<T>('POST', path, { body, signal }),
  patch: <T>(path: string, body?: unknown) => request<T>('PATCH', path, { body }),
  upload: <T>(path: string, upload: Upload, query?: Query) => request<T>('POST', path, { upload, query }),
  delete: <T>(path: string, query?: Query) => request<T>('DELETE', path, { query }),
  /** For the session itself, where 401 is an answer and not its end. */
  quietly: <T>(method: 'GET' | 'POST', path: string, body?: unknown) =>
    request<T>(method, path, { body, endsQuietly: true }),
};
