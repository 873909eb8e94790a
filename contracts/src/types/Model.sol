// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A model as the chain knows it (protocol section 7). Its id is the hash of its content: nobody owns it.
/// @param verifier The step verifier contract, part of the identity: another VM is another model
/// @param sizes log2 of the leaves of CODE, INPUT, WEIGHTS, STATE, OUTPUT, SCRATCH, one byte each
/// @param codeRoot Merkle root of the CODE region
/// @param weightsRoot Merkle root of the WEIGHTS region
struct Model {
    address verifier;
    bytes6 sizes;
    bytes32 codeRoot;
    bytes32 weightsRoot;
}
