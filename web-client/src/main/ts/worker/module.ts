import { bytesToHex } from '../shared/format';
import { type Exports, load } from './wasm';

const PART = 65536;
const WORK = 4 * PART; // scratch of this class at the start of memory; callers place their data behind it

/** The verifier module with its memory laid out: small calls as methods on bytes, large data placed once. */
export class VerifierModule {
  static readonly DATA = WORK;

  private constructor(readonly exports: Exports, readonly bytes: Uint8Array<ArrayBuffer>) {}

  static async open(dataBytes: number): Promise<VerifierModule> {
    const response = await fetch('/app/verifier.wasm');
    if (!response.ok) throw new Error(`the verifier module could not be fetched (${response.status})`);
    const { exports, memory } = await load(await response.arrayBuffer(), WORK + dataBytes);
    return new VerifierModule(exports, new Uint8Array(memory.buffer as ArrayBuffer));
  }

  /** Throws the module's own words when a call returned -1. */
  check(result: number): number {
    if (result >= 0) return result;
    const n = this.exports.message(0, 1000);
    throw new Error(new TextDecoder().decode(this.bytes.slice(0, n)));
  }

  /** Bytes for a call, in front of everything that was placed: nothing longer may come here, it would overwrite verified content. */
  private put(data: Uint8Array, at = PART): void {
    if (at + data.length > WORK) throw new Error(`${data.length} bytes are more than any honest witness, request or answer has`);
    this.bytes.set(data, at);
  }

  step(witness: Uint8Array, boundary: boolean): { pre: string; post: string } {
    this.put(witness);
    this.check(this.exports.step(PART, witness.length, boundary ? 1 : 0, 0));
    return { pre: this.hex(0), post: this.hex(32) };
  }

  keccak(data: Uint8Array): string {
    this.put(data);
    this.exports.keccak(PART, data.length, 0);
    return this.hex(0);
  }

  modelId(parts: Uint8Array): string {
    this.put(parts);
    this.exports.modelId(PART, 0);
    return this.hex(0);
  }

  receiptHash(parts: Uint8Array): string {
    this.put(parts);
    this.exports.receiptHash(PART, 0);
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

  private hex(at: number): string {
    return bytesToHex(this.bytes.subarray(at, at + 32));
  }
}
