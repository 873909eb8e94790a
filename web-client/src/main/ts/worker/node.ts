import type { Chain, Contracts } from '../shared/api';
import { bytesToHex, hexToBytes, word } from './bytes';
import { demand, good, type Fact, note } from './facts';
import { type Code, type Immutables, immutables, isConstructed, isTime } from './genuine';
import type { VerifierModule } from './module';
import { rpc } from './rpc';

declare const CONTRACTS: Record<'dispute' | 'receipts' | 'oracle' | 'verifier' | 'registry', Code>; // put in by the build

export interface Log {
  address: string;
  topics: string[];
  data: string;
}

/** The chain as its RPC endpoint tells it. The server names the contracts; their code is compared with the build's. */
export class Node {
  private readonly contracts: Contracts;
  private readonly filled = new Map<string, Immutables>();
  private found = 'where the contracts are, this browser has heard from it before';

  constructor(private readonly module: VerifierModule, private readonly chain: Chain) {
    this.contracts = { ...chain.contracts };
  }

  get url(): string {
    if (this.chain.rpcUrl != null) return this.chain.rpcUrl;
    const { silence } = this.chain;
    throw new Error(silence ? `${silence} Set an RPC endpoint of your own on the Chain page` : 'the server names no open RPC endpoint of its chain: set one on the Chain page');
  }

  address(name: keyof typeof CONTRACTS): string {
    const address = this.contracts[name];
    if (address !== undefined) return address;
    throw new Error(this.unheard(''));
  }

  private unheard(more: string): string {
    return `${this.chain.silence ?? ''} Where the contracts are has not been heard in this browser yet${more}: try again when the server reaches the chain`;
  }

  knows(name: keyof typeof CONTRACTS): boolean {
    return this.contracts[name] !== undefined;
  }

  /** Where the server has not said where the contracts are, a receipt's anchor leads to them. Their code decides, as ever. */
  async locate(anchoring: string | undefined): Promise<void> {
    if (this.knows('receipts')) return;
    if (anchoring === undefined) throw new Error(this.unheard(', and a receipt that is not anchored does not lead to them'));
    const anchored = this.topic('Anchored(address,bytes32,uint32)');
    const log = (await this.logs(anchoring)).find(({ topics }) => topics[0] === anchored);
    if (!log) throw new Error(`${this.url} knows no transaction that anchors the receipt: set an endpoint of the receipt's chain on the Chain page`);
    this.contracts.receipts = log.address;
    this.contracts.dispute = await this.linked('receipts', 'DISPUTE()');
    this.contracts.verifier = await this.linked('dispute', 'VERIFIER()');
    this.found = 'the receipt’s anchor has led to the contracts';
  }

  /** The same from the event that opened a game: it leads to all contracts but that of the receipts, which no game needs. */
  async locateFrom(opened: Log | undefined): Promise<void> {
    if (this.knows('dispute')) return;
    if (!opened) throw new Error(`${this.url} knows no transaction that opened the game: set an endpoint of the game's chain on the Chain page`);
    this.contracts.dispute = opened.address;
    this.contracts.verifier = await this.linked('dispute', 'VERIFIER()');
    this.found = 'the event that opened the game has led to the contracts';
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

  /** The contracts are the code that this page was built with, and they name one another; `more`: that no receipt and no game needs. */
  async genuine(more: readonly 'oracle'[] = []): Promise<Fact[]> {
    const { chainId, contracts, silence } = this.chain;
    const heard = contracts.dispute !== undefined; // else an event has led here, on whichever chain the endpoint tells of
    const read = await this.chainId();
    if (heard && String(read) !== chainId) throw new Error(`the RPC endpoint ${this.url} tells of chain ${read}, the contracts are on chain ${chainId || '(none named)'}: set one of that chain on the Chain page`);
    for (const name of ['dispute', 'receipts', ...more, 'verifier', 'registry'] as const) {
      if (!this.knows(name) && name !== 'dispute' && name !== 'verifier') continue; // who needs it asks where it is
      const code = hexToBytes((await rpc(this.url, 'eth_getCode', [this.address(name), 'latest'])) as string);
      const filled = immutables(this.module, code, CONTRACTS[name]);
      demand(filled !== undefined, this.other(name));
      this.filled.set(name, filled!);
    }
    demand(isConstructed(this.filled.get('dispute')!), this.other('dispute'));
    this.belong('dispute', 'VERIFIER', 'verifier');
    const served = (['receipts', 'oracle'] as const).filter((name) => this.filled.has(name));
    for (const name of served) {
      this.belong(name, 'DISPUTE', 'dispute');
      const delay = this.parameter(name, name === 'receipts' ? 'EXIT_DELAY' : 'COMMIT_DELAY');
      demand(this.parameter(name, 'CLAIM_BOND') === this.parameter('dispute', 'CLAIM_BOND') && isTime(delay, 64n), this.other(name));
    }
    const checked = good('Contracts', `${['dispute', ...served].join(', ')} and step verifier on chain ${read} run the code that this page was built with`);
    if (heard && silence === undefined) return [checked];
    return [checked, note('Server', `${silence === undefined ? 'it does not say where the contracts are' : 'it does not reach the chain at the moment'}; ${this.found}`)];
  }

  /** A parameter of a contract that was found genuine, as its code has it. */
  parameter(contract: 'dispute' | 'receipts' | 'oracle', name: string): bigint {
    return this.filled.get(contract)![name]!;
  }

  async balance(contract: keyof typeof CONTRACTS): Promise<bigint> {
    return BigInt((await rpc(this.url, 'eth_getBalance', [this.address(contract), 'latest'])) as string);
  }

  async gasPrice(): Promise<bigint> {
    return BigInt((await rpc(this.url, 'eth_gasPrice', [])) as string);
  }

  private belong(contract: 'dispute' | 'receipts' | 'oracle', name: string, named: keyof typeof CONTRACTS): void {
    demand(this.parameter(contract, name) === BigInt(this.address(named)), 'the contracts named by the server do not belong together');
  }

  private other(name: keyof typeof CONTRACTS): string {
    return `at ${this.address(name)} is not the ${name} contract that this page was built with`;
  }

  private async linked(contract: 'dispute' | 'receipts', signature: string): Promise<string> {
    const [word] = await this.view(contract, signature);
    demand(word !== undefined, this.other(contract));
    return bytesToHex(word!.slice(12));
  }

  private selector(signature: string): string {
    return this.topic(signature).slice(0, 10);
  }
}
