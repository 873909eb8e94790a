import { secp256k1 } from '@noble/curves/secp256k1';

/**
 * The public key (64 bytes) that made a signature of 65 bytes r, s, v, as the chain's `ecrecover` finds it; undefined when there
 * is none. A larger s is refused as in the receipts contract.
 */
export function signer(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  const v = signature[64];
  if (signature.length !== 65 || (v !== 27 && v !== 28)) return undefined;
  try {
    const found = secp256k1.Signature.fromCompact(signature.slice(0, 64)).addRecoveryBit(v - 27);
    return found.hasHighS() ? undefined : found.recoverPublicKey(digest).toRawBytes(false).slice(1);
  } catch {
    return undefined; // no point of the curve belongs to r
  }
}
