// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Roots of regions (protocol section 1): 32-byte leaves, keccak of pairs, zeros where nothing was written
library Trees {
    /// @dev Root of 2^height zero leaves.
    function zero(uint256 height) internal pure returns (bytes32 node) {
        assembly ("memory-safe") {
            for {} height { height := sub(height, 1) } {
                mstore(0, node)
                mstore(32, node)
                node := keccak256(0, 64)
            }
        }
    }

    /// @dev Root of a region of 2^height leaves that begins with the data. The data must fit.
    function root(bytes calldata data, uint256 height) internal pure returns (bytes32 node) {
        if (data.length == 0) return zero(height);
        assembly ("memory-safe") {
            let at := mload(0x40) // beyond the free pointer: nothing is kept
            let nodes := shr(5, add(data.length, 31))
            mstore(add(at, shl(5, sub(nodes, 1))), 0) // the last leaf may be partly filled
            calldatacopy(at, data.offset, data.length)
            let empty := 0 // root of a zero subtree of the present height
            for {} height { height := sub(height, 1) } {
                if and(nodes, 1) {
                    mstore(add(at, shl(5, nodes)), empty)
                    nodes := add(nodes, 1)
                }
                let end := shl(5, nodes)
                for { let i := 0 } lt(i, end) { i := add(i, 64) } {
                    mstore(add(at, shr(1, i)), keccak256(add(at, i), 64))
                }
                nodes := shr(1, nodes)
                mstore(0, empty)
                mstore(32, empty)
                empty := keccak256(0, 64)
            }
            node := mload(at)
        }
    }
}
