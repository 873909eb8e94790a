const ANSWER_MS = 30_000;

/** Asks the chain's own RPC endpoint: what the server says about the chain is not taken for granted. */
export async function rpc(url: string, method: string, params: unknown[]): Promise<unknown> {
  let body: { result?: unknown; error?: { message: string } };
  try {
    const response = await fetch(url, {
      method: 'POST',
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    body = (await response.json()) as typeof body;
  } catch {
    throw new Error(`the chain's RPC endpoint ${url} does not answer: set another one on the Chain page`);
  }
  if (body.error || body.result === undefined) throw new Error(`the RPC endpoint ${url} refused ${method} (${body.error?.message ?? 'no result'}): set another one on the Chain page`);
  return body.result;
}
