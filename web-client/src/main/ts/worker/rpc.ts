import { bytesToHex } from '../shared/format';

/** Reads the chain's own RPC endpoint: what the server says about the chain is not taken for granted. */
export async function rpc(url: string, method: string, params: unknown[]): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
  } catch {
    throw new Error(`the chain's RPC endpoint ${url} does not answer`);
  }
  const body = (await response.json()) as { result?: string; error?: { message: string } };
  if (body.error || typeof body.result !== 'string') throw new Error(`the chain refused ${method}: ${body.error?.message ?? 'no result'}`);
  return body.result;
}

/** `eth_call` of a view with 32-byte arguments; the selector comes from the module's keccak of the signature. */
export function view(url: string, to: string, selector: string, words: Uint8Array[]): Promise<string> {
  const data = selector + words.map((w) => bytesToHex(w).slice(2)).join('');
  return rpc(url, 'eth_call', [{ to, data }, 'latest']);
}
