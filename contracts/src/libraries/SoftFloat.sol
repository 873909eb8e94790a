// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title IEEE 754 single precision on bit patterns, round to nearest even, NaN canonical (7fc00000)
/// @dev A finite value is sig * 2^exp with sig < 2^24. Mirrors opml.step.SoftFloat line by line; bits and integers are
/// kept in 256-bit words, 32- and 64-bit results in their low bits.
library SoftFloat {
    /// @dev The only NaN that an operation gives.
    uint256 internal constant NAN = 0x7fc00000;
    uint256 private constant INFINITY = 0x7f800000;
    uint256 private constant SIGN = 0x80000000;

    /// @dev a + b.
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        unchecked {
            if (nan(a) || nan(b)) return NAN;
            if (infinite(a)) return infinite(b) && a != b ? NAN : a;
            if (infinite(b)) return b;
            return exponent(a) >= exponent(b) ? addFinite(a, b) : addFinite(b, a);
        }
    }

    /// @dev a has the larger exponent; 32 guard bits below it, the rest of b is or-ed into the last one.
    function addFinite(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            uint256 distance = uint256(exponent(a) - exponent(b));
            int256 x = int256(significand(a) << 32);
            int256 y = int256(jam(significand(b) << 32, distance));
            int256 sum = (a & SIGN != 0 ? -x : x) + (b & SIGN != 0 ? -y : y);
            if (sum == 0) return a & b & SIGN;
            uint256 sign = sum < 0 ? SIGN : 0;
            return sign | single(exponent(a) - 32, uint256(sum < 0 ? -sum : sum));
        }
    }

    function jam(uint256 sig, uint256 distance) private pure returns (uint256) {
        if (distance > 62) return sig == 0 ? 0 : 1;
        uint256 kept = sig >> distance;
        return kept << distance == sig ? kept : kept | 1;
    }

    /// @dev a - b.
    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        return add(a, b ^ SIGN);
    }

    /// @dev a * b.
    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        unchecked {
            uint256 sign = (a ^ b) & SIGN;
            if (nan(a) || nan(b)) return NAN;
            if (infinite(a) || infinite(b)) return zero(a) || zero(b) ? NAN : sign | INFINITY;
            return sign | single(exponent(a) + exponent(b), significand(a) * significand(b));
        }
    }

    /// @dev a / b.
    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        unchecked {
            uint256 sign = (a ^ b) & SIGN;
            if (nan(a) || nan(b)) return NAN;
            if (infinite(a)) return infinite(b) ? NAN : sign | INFINITY;
            if (infinite(b)) return sign;
            if (zero(b)) return zero(a) ? NAN : sign | INFINITY;
            if (zero(a)) return sign;
            int256 shiftA = normalShift(a);
            int256 shiftB = normalShift(b);
            uint256 dividend = significand(a) << uint256(shiftA + 38);
            uint256 divisor = significand(b) << uint256(shiftB);
            uint256 quotient = dividend / divisor;
            uint256 tail = quotient * divisor == dividend ? 0 : 1;
            return sign | single(exponent(a) - shiftA - exponent(b) + shiftB - 38, quotient | tail);
        }
    }

    /// @dev Square root.
    function sqrt(uint256 a) internal pure returns (uint256) {
        unchecked {
            if (zero(a)) return a;
            if (nan(a) || a & SIGN != 0) return NAN;
            if (infinite(a)) return a;
            int256 shift = normalShift(a) + 30;
            shift += (exponent(a) - shift) & 1;
            uint256 radicand = significand(a) << uint256(shift);
            uint256 root = integerRoot(radicand);
            uint256 tail = root * root == radicand ? 0 : 1;
            return single(((exponent(a) - shift) >> 1) - 1, root << 1 | tail);
        }
    }

    /// @dev floor(sqrt(r)) for r < 2^56.
    function integerRoot(uint256 r) private pure returns (uint256 root) {
        unchecked {
            uint256 rest = r;
            for (uint256 bit = 1 << 54; bit != 0; bit >>= 2) {
                uint256 trial = root + bit;
                root >>= 1;
                if (rest >= trial) {
                    rest -= trial;
                    root += bit;
                }
            }
        }
    }

    /// @dev The smaller; a NaN gives the other operand; -0 is below +0.
    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        if (nan(a)) return nan(b) ? NAN : b;
        return nan(b) || key(a) < key(b) ? a : b;
    }

    /// @dev The larger; a NaN gives the other operand; -0 is below +0.
    function max(uint256 a, uint256 b) internal pure returns (uint256) {
        if (nan(a)) return nan(b) ? NAN : b;
        return nan(b) || key(a) > key(b) ? a : b;
    }

    /// @dev 1 if a equals b, else 0.
    function eq(uint256 a, uint256 b) internal pure returns (uint256) {
        return !nan(a) && !nan(b) && (a == b || zero(a) && zero(b)) ? 1 : 0;
    }

    /// @dev 1 if a is below b, else 0.
    function lt(uint256 a, uint256 b) internal pure returns (uint256) {
        return !nan(a) && !nan(b) && !(zero(a) && zero(b)) && key(a) < key(b) ? 1 : 0;
    }

    /// @dev 1 if a is below b or equal, else 0.
    function le(uint256 a, uint256 b) internal pure returns (uint256) {
        return !nan(a) && !nan(b) && (zero(a) && zero(b) || key(a) <= key(b)) ? 1 : 0;
    }

    /// @dev The ten class bits of FCLASS.
    function classify(uint256 a) internal pure returns (uint256) {
        unchecked {
            uint256 magnitude_ = a & ~SIGN;
            if (nan(a)) return a & 0x400000 == 0 ? 1 << 8 : 1 << 9;
            uint256 rank = 1; // normal; then subnormal, zero, counted towards zero from infinity
            if (magnitude_ == INFINITY) rank = 0;
            else if (magnitude_ == 0) rank = 3;
            else if (magnitude_ < 0x800000) rank = 2;
            return a & SIGN != 0 ? 1 << rank : 1 << (7 - rank);
        }
    }

    /// @dev The nearest float of a 64-bit integer.
    function fromInteger(uint64 v, bool signed) internal pure returns (uint256) {
        unchecked {
            bool negative = signed && int64(v) < 0;
            return (negative ? SIGN : 0) | single(0, negative ? uint64(-int64(v)) : v);
        }
    }

    /// @dev A float as an integer of `width` (32 or 64) bits, to nearest even or toward zero; out of range saturates,
    /// NaN gives the maximum; 32-bit results are sign-extended.
    function toInteger(uint256 a, bool towardZero, bool signed, uint256 width) internal pure returns (uint64) {
        unchecked {
            bool negative = a & SIGN != 0 && !nan(a);
            uint256 limit_ = limit(negative, signed, width);
            uint256 magnitude_ = magnitude(a, towardZero);
            if (exponent(a) > 40 || magnitude_ > limit_) magnitude_ = limit_;
            uint64 v = uint64(negative ? 0 - magnitude_ : magnitude_); // two's complement in 64 bits
            return width == 32 ? uint64(int64(int32(uint32(v)))) : v;
        }
    }

    /// @dev The largest magnitude of an integer type on one side of zero, unsigned.
    function limit(bool negative, bool signed, uint256 width) private pure returns (uint256) {
        unchecked {
            if (signed) {
                uint256 least = 1 << (width - 1);
                return negative ? least : least - 1;
            }
            if (negative) return 0;
            return width == 32 ? 0xffffffff : 0xffffffffffffffff;
        }
    }

    function magnitude(uint256 a, bool towardZero) private pure returns (uint256) {
        unchecked {
            int256 exp = exponent(a);
            if (exp >= 0) return exp > 40 ? 0 : significand(a) << uint256(exp);
            if (towardZero) return exp < -63 ? 0 : significand(a) >> uint256(-exp);
            return shiftRounded(significand(a), -exp);
        }
    }

    /// @dev The low 16 bits as a half-precision value, as a single: exact.
    function fromHalf(uint256 half) internal pure returns (uint256) {
        unchecked {
            uint256 sign = (half & 0x8000) << 16;
            uint256 field = half >> 10 & 31;
            uint256 fraction = half & 1023;
            if (field == 31) return fraction == 0 ? sign | INFINITY : NAN;
            return field == 0 ? sign | single(-24, fraction) : sign | single(int256(field) - 25, fraction | 1024);
        }
    }

    /// @dev The nearest half-precision value, in the low 16 bits; the upper ones are zero.
    function toHalf(uint256 a) internal pure returns (uint256) {
        uint256 sign = a >> 16 & 0x8000;
        if (nan(a)) return 0x7e00;
        return infinite(a) ? sign | 0x7c00 : sign | roundPack(exponent(a), significand(a), 10, 15);
    }

    function single(int256 exp, uint256 sig) private pure returns (uint256) {
        return roundPack(exp, sig, 23, 127);
    }

    /// @dev The magnitude sig * 2^exp (a tail that is not zero stands in bit 0, below the rounding position) as bits of
    /// a format with this many fraction bits and this bias. sig < 2^64.
    function roundPack(int256 exp, uint256 sig, int256 fractionBits, int256 bias) private pure returns (uint256) {
        unchecked {
            if (sig == 0) return 0;
            int256 scale = exp + int256(topBit(sig));
            if (scale > bias) return uint256(2 * bias + 1) << uint256(fractionBits);
            if (scale < 1 - bias) scale = 1 - bias;
            uint256 kept = shiftRounded(sig, scale - fractionBits - exp);
            return (uint256(scale + bias - 1) << uint256(fractionBits)) + kept; // hidden bit and a carry add up
        }
    }

    /// @dev sig / 2^distance to nearest even; a negative distance shifts left.
    function shiftRounded(uint256 sig, int256 distance) private pure returns (uint256) {
        unchecked {
            if (distance <= 0) return sig << uint256(-distance);
            if (distance > 63) return 0;
            uint256 kept = sig >> uint256(distance);
            uint256 rest = sig - (kept << uint256(distance));
            uint256 half = 1 << uint256(distance - 1);
            return rest > half || rest == half && kept & 1 == 1 ? kept + 1 : kept;
        }
    }

    function nan(uint256 a) private pure returns (bool) {
        return a & ~SIGN > INFINITY;
    }

    function infinite(uint256 a) private pure returns (bool) {
        return a & ~SIGN == INFINITY;
    }

    function zero(uint256 a) private pure returns (bool) {
        return a & ~SIGN == 0;
    }

    /// @dev Integers in the order of the floats, -0 just below +0.
    function key(uint256 a) private pure returns (int256) {
        return a & SIGN != 0 ? ~int256(a & ~SIGN) : int256(a);
    }

    function exponent(uint256 a) private pure returns (int256) {
        unchecked {
            uint256 field = a >> 23 & 255;
            return field == 0 ? -149 : int256(field) - 150;
        }
    }

    function significand(uint256 a) private pure returns (uint256) {
        uint256 fraction = a & 0x7fffff;
        return a >> 23 & 255 == 0 ? fraction : fraction | 0x800000;
    }

    /// @dev How far the significand of a value that is not zero must go left to fill bit 23.
    function normalShift(uint256 a) private pure returns (int256) {
        unchecked {
            return 23 - int256(topBit(significand(a)));
        }
    }

    /// @dev Place of the highest set bit of x, 0 < x < 2^64.
    function topBit(uint256 x) private pure returns (uint256 bit) {
        assembly ("memory-safe") {
            bit := shl(5, lt(0xffffffff, x))
            bit := or(bit, shl(4, lt(0xffff, shr(bit, x))))
            bit := or(bit, shl(3, lt(0xff, shr(bit, x))))
            bit := or(bit, shl(2, lt(0xf, shr(bit, x))))
            bit := or(bit, shl(1, lt(3, shr(bit, x))))
            bit := or(bit, lt(1, shr(bit, x)))
        }
    }
}
