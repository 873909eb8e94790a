/**
 * Signed statements about answers (EIP-712) and their anchoring in batches: protocol section 15,
 * contracts/src/interfaces/IReceipts.sol.
 */
package opml.receipt;
