import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, hexToBytes, join } from './bytes';
import { OTHER_BUILD } from '../shared/build';
import { demand } from './facts';
import { served } from './served';
import type { StepText } from './messages';
import { WORK } from './places';
import { type Exports, type Fetched, load } from './wasm';

const PART = 65536;
const PART_MS = 120_000;
const EXIT = 2; // first byte of the state's form

declare const MODULES: Record<'verifier' | 'kernels', string>; // SHA-256, put in by the build

/** A module that declares a struct type and nothing else: valid where WebAssembly GC is known. */
const STRUCT_TYPE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 3, 1, 0x5f, 0]);

/** The verifier module with its memory laid out: small calls as methods on bytes, large data placed once. */
export class VerifierModule {
  private constructor(readonly exports: Exports, readonly bytes: Uint8Array<ArrayBuffer>, readonly fetched: Fetched) {}

  /** `end` bytes of memory belong to the caller, all but the first WORK ones. */
  static async open(end: number = WORK): Promise<VerifierModule> {
    if (!WebAssembly.validate(STRUCT_TYPE)) {
      throw new Error('this browser has no WebAssembly GC, in which the verifier is written: Chrome 119, Firefox 120, Safari 18.2 and newer have it');
    }
    const [verifier, kernels] = await Promise.all((['verifier', 'kernels'] as const).map(part));
    const { exports, memory, fetched } = await load(verifier!, kernels!, end);
    return new VerifierModule(exports, new Uint8Array(memory.buffer as ArrayBuffer), fetched);
  }

  /** Throws the module's own words when a call returned -1. */
  check(result: number): number {
    if (result >= 0) return result;
    throw new Error(this.text(this.exports.message(0, 1000)));
  }

  /** Bytes for a call, in front of everything that was placed: nothing longer may come here, it would overwrite verified content. */
  private put(data: Uint8Array, at = PART): void {
    if (at + data.length > WORK) throw new Error(`${data.length} bytes are more than any honest witness, request or answer has`);
    this.bytes.set(data, at);
  }

  /** Fields one behind the other: one that a server sends too long would push those behind it out of what is hashed. */
  private putExactly(length: number, data: Uint8Array): void {
    demand(data.length === length, `${data.length} bytes were sent where ${length} belong`);
    this.put(data);
  }

  /** The one step that a game's last position leaves: its two states as executed, lo and hi as claimed. */
  disputed(position: Uint8Array, witness: Uint8Array): { pre: string; post: string; lo: string; hi: string } {
    this.put(position);
    this.put(witness, 2 * PART);
    this.check(this.exports.disputed(PART, 2 * PART, witness.length, 0));
    return { pre: this.hex(0), post: this.hex(32), lo: this.hex(64), hi: this.hex(96) };
  }

  /** Index, width, lo and hi of a packed position. */
  position(position: Uint8Array): string[] {
    this.put(position);
    return this.text(this.exports.position(PART, 0, PART)).split('\t');
  }

  /** Instruction and changed registers of a verified witness; undefined where no instruction is executed. */
  describe(position: Uint8Array, witness: Uint8Array): StepText | undefined {
    this.put(position);
    this.put(witness, 2 * PART);
    const text = this.text(this.exports.describe(PART, 2 * PART, witness.length, 0, PART));
    const [first, ...rows] = text.split('\n').map((line) => line.split('\t'));
    if (!first?.[1]) return undefined;
    const changed = rows.filter((row) => row.length === 3).map((row) => [row[0]!, `0x${row[1]}`, `0x${row[2]}`] as [string, string, string]);
    return { pc: `0x${first[0]}`, instruction: first[1], changed };
  }

  keccak(data: Uint8Array): string {
    this.put(data);
    this.exports.keccak(PART, data.length, 0);
    return this.hex(0);
  }

  modelId(parts: Uint8Array): string {
    this.putExactly(90, parts);
    this.exports.modelId(PART, 0);
    return this.hex(0);
  }

  receiptHash(parts: Uint8Array): string {
    this.putExactly(125, parts);
    this.exports.receiptHash(PART, 0);
    return this.hex(0);
  }

  /** EIP-712 digest of receipt bytes, chain id and contract. */
  digest(parts: Uint8Array): string {
    this.putExactly(177, parts);
    this.exports.digest(PART, 0);
    return this.hex(0);
  }

  /** Claim id of receipt bytes and contract. */
  claimId(parts: Uint8Array): string {
    this.putExactly(145, parts);
    this.exports.claimId(PART, 0);
    return this.hex(0);
  }

  /** Root that a leaf leads to along its siblings. */
  climb(leaf: Uint8Array, index: number, branch: Uint8Array[]): string {
    if (branch.length > 32) throw new Error(`a branch of ${branch.length} nodes`);
    this.put(leaf);
    branch.forEach((node, i) => this.put(node.slice(0, 32), PART + 32 * (i + 1)));
    this.exports.climb(PART, index, PART + 32, branch.length, 0);
    return this.hex(0);
  }

  /** Root of a region of 2^size leaves whose content lies at `at`. */
  root(at: number, length: number, size: number, progress: (done: number) => void): string {
    this.check(this.exports.rootBegin(size));
    for (let done = 0; done < length; done += PART) {
      this.check(this.exports.rootAdd(at + done, Math.min(PART, length - done)));
      progress(done);
    }
    this.exports.rootEnd(0);
    return this.hex(0);
  }

  /** Hash of EXIT with these output bytes in a region of 2^size leaves. */
  exit(output: Uint8Array, size: number): string {
    this.put(output);
    const root = this.root(PART, output.length, size, () => undefined);
    return this.keccak(join(new Uint8Array([EXIT]), hexToBytes(root)));
  }

  /** Where a position's lo or hi lies in the trace: whole operators, then single instructions. */
  place(position: Uint8Array, end: 'lo' | 'hi'): { operators: number; steps: number } {
    this.put(position);
    const hi = end === 'hi' ? 1 : 0;
    return { operators: this.exports.operatorsTo(PART, hi), steps: this.exports.stepsTo(PART, hi) };
  }

  /** Hash of the replay's present state. */
  stateHash(): string {
    this.check(this.exports.replayHash(0));
    return this.hex(0);
  }

  private text(length: number): string {
    return new TextDecoder().decode(this.bytes.slice(0, this.check(length)));
  }

  private hex(at: number): string {
    return bytesToHex(this.bytes.subarray(at, at + 32));
  }
}

/** A module as this worker was built with: another one takes and gives other things, and nobody would notice. */
async function part(name: keyof typeof MODULES): Promise<ArrayBuffer> {
  const response = await served(`/app/${name}.wasm`, { signal: AbortSignal.timeout(PART_MS) });
  if (!response.ok) throw new Error(`${name}.wasm could not be fetched (${response.status}): load this page again`);
  const bytes = await response.arrayBuffer();
  if (bytesToHex(sha256(new Uint8Array(bytes))) !== `0x${MODULES[name]}`) throw new Error(OTHER_BUILD);
  return bytes;
}
