import type { Chain } from '../shared/api';
import { bytesToHex, hexToBytes, word } from './bytes';
import { good, type Fact, note, Refuted } from './facts';
import type { VerifierModule } from './module';
import { rpc } from './rpc';

/** Code of our contracts as this page's build compiled it; `immutables` are filled in by each deployment. */
interface Code {
  bytes: number;
  hash: string;
  immutables: { start: number; length: number }[];
}
declare const CONTRACTS: Record<'dispute' | 'receipts' | 'verifier' | 'registry', Code>; // put in by the build

export interface Log {
  address: string;
  topics: string[];
  data: string;
}

/** The chain as its RPC endpoint tells it. The server names the contracts; their code is compared with the build's. */
export class Node {
  constructor(private readonly module: VerifierModule, private readonly chain: Chain) {}

  get url(): string {
    if (this.chain.rpcUrl == null) throw new Error('the server names no open RPC endpoint of its chain: set one on the Chain page');
    return this.chain.rpcUrl;
  }

  address(name: keyof typeof CONTRACTS): string {
    return this.chain.contracts[name];
  }

  async chainId(): Promise<bigint> {
    return BigInt((await rpc(this.url, 'eth_chainId', [])) as string);
  }

  /** Time of the newest block, seconds. */
  async now(): Promise<bigint> {
    const block = (await rpc(this.url, 'eth_getBlockByNumber', ['latest', false])) as { timestamp: string };
    return BigInt(block.timestamp);
  }

  /** Words that a view returns. */
  async view(contract: keyof typeof CONTRACTS, signature: string, ...args: Uint8Array[]): Promise<Uint8Array[]> {
    const data = this.selector(signature) + args.map((a) => bytesToHex(word(a)).slice(2)).join('');
    const result = hexToBytes((await rpc(this.url, 'eth_call', [{ to: this.address(contract), data }, 'latest'])) as string);
    return Array.from({ length: result.length / 32 }, (_, i) => result.slice(32 * i, 32 * i + 32));
  }

  async number(contract: keyof typeof CONTRACTS, signature: string, ...args: Uint8Array[]): Promise<bigint> {
    const [value] = await this.view(contract, signature, ...args);
    if (!value) throw new Error(`no contract answers ${signature} at ${this.address(contract)}`);
    return BigInt(bytesToHex(value));
  }

  /** Logs of a transaction that is part of the chain; none when the endpoint knows no such transaction. */
  async logs(transaction: string): Promise<Log[]> {
    const receipt = (await rpc(this.url, 'eth_getTransactionReceipt', [transaction])) as { logs: Log[] } | null;
    return receipt?.logs ?? [];
  }

  topic(signature: string): string {
    return this.module.keccak(new TextEncoder().encode(signature));
  }

  /** Logs of all blocks; an endpoint may refuse so long a range. */
  async search(contract: keyof typeof CONTRACTS, topics: (string | null)[]): Promise<Log[]> {
    const filter = { address: this.address(contract), fromBlock: 'earliest', toBlock: 'latest', topics };
    return (await rpc(this.url, 'eth_getLogs', [filter])) as Log[];
  }

  /** The contracts are the code that this page was built with, and they name one another. */
  async genuine(): Promise<Fact[]> {
    const { chainId, silence } = this.chain;
    const read = await this.chainId();
    if (String(read) !== chainId) throw new Error(`the RPC endpoint ${this.url} tells of chain ${read}, the contracts are on chain ${chainId}: set one of that chain on the Chain page`);
    for (const name of ['dispute', 'receipts', 'verifier', 'registry'] as const) {
      const code = hexToBytes((await rpc(this.url, 'eth_getCode', [this.address(name), 'latest'])) as string);
      const built = CONTRACTS[name];
      for (const { start, length } of built.immutables) code.fill(0, start, start + length);
      if (code.length !== built.bytes || this.module.keccak(code) !== built.hash) {
        throw new Refuted(`at ${this.address(name)} is not the ${name} contract that this page was built with`);
      }
    }
    const verifier = await this.linked('dispute', 'VERIFIER()');
    const dispute = await this.linked('receipts', 'DISPUTE()');
    if (verifier !== this.address('verifier').toLowerCase() || dispute !== this.address('dispute').toLowerCase()) {
      throw new Refuted('the contracts named by the server do not belong together');
    }
    const found = good('Contracts', `dispute, receipts and step verifier on chain ${chainId} run the code that this page was built with`);
    return silence === undefined ? [found] : [found, note('Server', 'it does not reach the chain at the moment; where the contracts are, this browser has heard from it before')];
  }

  private async linked(contract: 'dispute' | 'receipts', signature: string): Promise<string> {
    return bytesToHex((await this.view(contract, signature))[0]!.slice(12));
  }

  private selector(signature: string): string {
    return this.topic(signature).slice(0, 10);
  }
}
