// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The tree over one reveal: 64 leaves, lo and the 63 revealed states
library Reveals {
    /// @dev log2 of the parts of a round: the protocol's only radix.
    uint256 internal constant RADIX_LOG2 = 6;
    /// @dev Bytes of the states of a reveal.
    uint256 internal constant STATES = 63 * 32;
    /// @dev Bytes of one branch.
    uint256 internal constant BRANCH = RADIX_LOG2 * 32;

    /// @dev Root over lo and STATES bytes of states.
    function root(bytes32 lo, bytes calldata states) internal pure returns (bytes32 node) {
        assembly ("memory-safe") {
            let at := mload(0x40) // beyond the free pointer: nothing is kept
            mstore(at, lo)
            calldatacopy(add(at, 32), states.offset, 2016)
            for { let width := 2048 } gt(width, 32) { width := shr(1, width) } {
                for { let i := 0 } lt(i, width) { i := add(i, 64) } {
                    mstore(add(at, shr(1, i)), keccak256(add(at, i), 64))
                }
            }
            node := mload(at)
        }
    }

    /// @dev The root that leaf `index` and the BRANCH bytes of siblings at `offset` of the branches lead to.
    function climb(bytes32 leaf, uint256 index, bytes calldata branches, uint256 offset)
        internal
        pure
        returns (bytes32 node)
    {
        node = leaf;
        assembly ("memory-safe") {
            let sibling := add(branches.offset, offset)
            for { let end := add(sibling, 192) } lt(sibling, end) { sibling := add(sibling, 32) } {
                let side := shl(5, and(index, 1)) // the node goes right when its index is odd
                mstore(side, node)
                mstore(xor(side, 32), calldataload(sibling))
                node := keccak256(0, 64)
                index := shr(1, index)
            }
        }
    }
}
