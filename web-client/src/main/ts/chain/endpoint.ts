import { api, type Chain } from '../shared/api';
import { lasting } from '../shared/storage';

const KEY = 'opml.rpc';

/** The RPC endpoint that the reader set for this browser, or null: then the server's is used. */
export function ownEndpoint(): string | null {
  return lasting.getItem(KEY);
}

/** Keeps an endpoint, or forgets it when the text is empty. Throws words when it is no address that a page may ask. */
export function setEndpoint(text: string): void {
  if (text === '') return lasting.removeItem(KEY);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url?.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname);
  if (url?.protocol !== 'https:' && !loopback) throw new Error('Give an https:// address, or http:// on 127.0.0.1 or localhost.');
  lasting.setItem(KEY, url!.href);
}

/** The chain as the server names it, read through the reader's own endpoint where one is set. */
export async function chosenChain(): Promise<Chain> {
  const chain = await api.chain();
  return { ...chain, rpcUrl: ownEndpoint() ?? chain.rpcUrl };
}
