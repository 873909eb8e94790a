import { bytesToHex } from './bytes';
import type { VerifierModule } from './module';

/** A contract's code as this page's build compiled it; each deployment fills in the immutables, every one in several places. */
export interface Code {
  bytes: number;
  hash: string;
  immutables: { name: string; start: number; length: number }[];
}

export type Immutables = Record<string, bigint>;

const SHARES = 320n; // into which a challenge bond is divided

/**
 * What a deployment filled into code on chain; undefined where it is not the code of this build. Code can be put on chain without its
 * constructor, and so with a getter that tells another value than the one that is used: what stands in several places must be the same.
 */
export function immutables(module: VerifierModule, code: Uint8Array, built: Code): Immutables | undefined {
  if (code.length !== built.bytes) return undefined;
  const found: Immutables = {};
  for (const { name, start, length } of built.immutables) {
    const value = BigInt(bytesToHex(code.subarray(start, start + length)));
    if ((found[name] ??= value) !== value) return undefined;
  }
  for (const { start, length } of built.immutables) code.fill(0, start, start + length);
  return module.keccak(code) === built.hash ? found : undefined;
}

/** Whether a constructor of the dispute contract gives these. */
export function isConstructed(p: Immutables): boolean {
  const bond = p['CHALLENGE_BOND']!;
  const bonds = bond > 0n && bond % SHARES === 0n && p['CLAIM_BOND'] === 4n * bond;
  return bonds && isTime(p['WINDOW']!, 64n) && isTime(p['PROPOSER_TIME']!, 32n) && isTime(p['CHALLENGER_TIME']!, 32n);
}

export function isTime(seconds: bigint, bits: bigint): boolean {
  return seconds > 0n && seconds < 1n << bits;
}
