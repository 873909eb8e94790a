// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The M extension on 64-bit registers, total: no operand raises an exception
/// @dev Mirrors opml.step.Integers; where the EVM's 256-bit words make the long way of Java needless, the short one.
library Integers {
    /// @dev Upper half of the unsigned product.
    function mulhu(uint64 a, uint64 b) internal pure returns (uint64) {
        unchecked {
            return uint64(uint256(a) * uint256(b) >> 64);
        }
    }

    /// @dev Upper half of the signed product.
    function mulh(uint64 a, uint64 b) internal pure returns (uint64) {
        unchecked {
            return mulhu(a, b) - (int64(a) < 0 ? b : 0) - (int64(b) < 0 ? a : 0);
        }
    }

    /// @dev Upper half of signed a times unsigned b.
    function mulhsu(uint64 a, uint64 b) internal pure returns (uint64) {
        unchecked {
            return mulhu(a, b) - (int64(a) < 0 ? b : 0);
        }
    }

    /// @dev Signed quotient; by 0 gives -1, MIN / -1 gives MIN.
    function div(int64 a, int64 b) internal pure returns (uint64) {
        unchecked {
            if (b == 0) return type(uint64).max;
            return uint64(b == -1 ? -a : a / b);
        }
    }

    /// @dev Unsigned quotient; by 0 gives all ones.
    function divu(uint64 a, uint64 b) internal pure returns (uint64) {
        return b == 0 ? type(uint64).max : a / b;
    }

    /// @dev Signed remainder; by 0 gives a, by -1 gives 0.
    function rem(int64 a, int64 b) internal pure returns (uint64) {
        unchecked {
            if (b == 0) return uint64(a);
            return b == -1 ? 0 : uint64(a % b);
        }
    }

    /// @dev Unsigned remainder; by 0 gives a.
    function remu(uint64 a, uint64 b) internal pure returns (uint64) {
        return b == 0 ? a : a % b;
    }
}
