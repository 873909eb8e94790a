import { api, type Chain, Problem } from '../shared/api';
import { lasting } from '../shared/storage';

const KEY = 'opml.rpc';
const HEARD = 'opml.chain';
const UNHEARD: Chain = { chainId: '', rpcUrl: null, head: '', headTime: '', contracts: {} };

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

/** The chain as the server names it now. What it said is kept in this browser. */
export async function heardChain(): Promise<Chain> {
  const chain = await api.chain();
  const { chainId, rpcUrl, contracts } = chain;
  const before = remembered();
  if (before && JSON.stringify([before.chainId, before.rpcUrl, before.contracts]) === JSON.stringify([chainId, rpcUrl, contracts])) return chain;
  try {
    lasting.setItem(HEARD, JSON.stringify(chain));
  } catch {
    // no room: it is asked for each time
  }
  return chain;
}

/**
 * The same, or what the server said before, if anything: its own node may not answer while the reader's does. A check needs no more,
 * since the contracts are compared with the build wherever they are.
 */
export async function knownChain(): Promise<Chain> {
  try {
    return await heardChain();
  } catch (error) {
    if (!(error instanceof Problem && error.mayPass)) throw error;
    return { ...(remembered() ?? UNHEARD), silence: error.message };
  }
}

/** That chain, read through the reader's own endpoint where one is set. */
export async function chosenChain(): Promise<Chain> {
  return chosen(await knownChain());
}

export function chosen(chain: Chain): Chain {
  return { ...chain, rpcUrl: ownEndpoint() ?? chain.rpcUrl };
}

function remembered(): Chain | undefined {
  try {
    const chain = JSON.parse(lasting.getItem(HEARD) ?? 'null') as Chain | null;
    return typeof chain?.contracts === 'object' ? chain : undefined;
  } catch {
    return undefined; // not written by this page
  }
}
