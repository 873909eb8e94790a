// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The statement `s(64^h * 2^24) = EXIT(output)` and who is bound by it (protocol section 10).
/// @dev The claim id is `keccak256(abi.encode(claim))`: content, never a counter, so that a reorganisation or a
/// squatter cannot give an id another meaning.
/// @param modelId Content hash of the model
/// @param inputHash keccak256 of the input bytes (protocol section 6)
/// @param outputHash keccak256 of the output bytes (protocol section 6)
/// @param h The exponent of the index, 1 to 4
/// @param proposer Who asserts, defends and is repaid
/// @param source Who called `create`: the proposer himself, the oracle or the receipts contract
/// @param salt Chosen by the source; the oracle uses the request id, receipts the hash of the receipt
struct Claim {
    bytes32 modelId;
    bytes32 inputHash;
    bytes32 outputHash;
    uint8 h;
    address proposer;
    address source;
    bytes32 salt;
}
