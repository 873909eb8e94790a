import { unreachable } from '../shared/unreachable';

/** Asks our server. Where nothing comes a browser says "Failed to fetch": here it is said what to do. */
export async function served(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init).catch((error: unknown) => {
    throw lost(error);
  });
}

/** The same for a body that ends before its time. */
export function lost(error: unknown): unknown {
  const silent = error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
  if (!silent) return error;
  return new Error(unreachable().join(': '));
}
