// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IStepVerifier} from "./interfaces/IStepVerifier.sol";
import {Integers} from "./libraries/Integers.sol";
import {SoftFloat} from "./libraries/SoftFloat.sol";
import {Trees} from "./libraries/Trees.sol";

/// @title One step of the machine on a witness (protocol sections 2 to 5): stateless, integers only
/// @dev Mirrors opml.step.StepVerifier line by line, function by function. The RUN state is kept in memory as its own
/// preimage and changed in place; every read of the machine's memory goes through `_open`.
contract StepVerifier is IStepVerifier {
    uint256 private constant RUN = 0;
    uint256 private constant YIELD = 1;
    uint256 private constant EXIT = 2;
    uint256 private constant FAULT = 3;
    uint256 private constant PC = 1;
    uint256 private constant X1 = 9;
    uint256 private constant V = 257;
    uint256 private constant G = 289;
    uint256 private constant ROOTS = 295;
    uint256 private constant RUN_LENGTH = 487;
    uint256 private constant YIELD_LENGTH = 167;
    uint256 private constant EXIT_LENGTH = 33;
    uint256 private constant OUTPUT = 4;
    uint256 private constant SCRATCH = 5;
    uint256 private constant MAX_SIZE = 35;

    /// @param witness Where the witness begins in the calldata
    /// @param length Its bytes
    /// @param taken Bytes taken of it
    /// @param state Where the state's preimage stands in memory
    /// @param illegal Whether the instruction turned out to be none
    struct Step {
        uint256 witness;
        uint256 length;
        uint256 taken;
        uint256 state;
        bool illegal;
    }

    /// @inheritdoc IStepVerifier
    function verify(bytes calldata witness, bool boundary) external pure returns (bytes32 pre, bytes32 post) {
        if (witness.length == 0) revert WitnessLength(1, 0);
        Step memory v;
        assembly ("memory-safe") {
            mstore(v, witness.offset)
            let state := mload(0x40)
            mstore(add(v, 96), state)
            mstore(0x40, add(state, 512))
        }
        v.length = witness.length;
        uint256 form = uint8(witness[0]);
        v.taken = _length(form);
        if (v.length < v.taken) revert WitnessLength(v.taken, v.length);
        pre = keccak256(witness[0:v.taken]);
        post = _step(v, form, boundary, pre);
        // INVARIANT: INV-05
        if (v.taken != v.length) revert WitnessLength(v.taken, v.length);
    }

    function _length(uint256 form) private pure returns (uint256) {
        if (form == RUN) return RUN_LENGTH;
        if (form == YIELD) return YIELD_LENGTH;
        if (form == EXIT) return EXIT_LENGTH;
        if (form == FAULT) return 1;
        revert WitnessForm(form);
    }

    function _step(Step memory v, uint256 form, bool boundary, bytes32 pre) private pure returns (bytes32) {
        if (form == RUN) {
            assembly ("memory-safe") {
                calldatacopy(mload(add(v, 96)), mload(v), RUN_LENGTH)
            }
            _checkSizes(v);
            return _fetch(v);
        }
        if (form == YIELD && boundary) {
            _resume(v);
            _checkSizes(v);
            return _fetch(v);
        }
        return pre;
    }

    /// @dev RUN at the base of CODE from a YIELD prestate: registers and V zero, SCRATCH zero.
    function _resume(Step memory v) private pure {
        uint256 state = v.state;
        assembly ("memory-safe") {
            calldatacopy(state, calldatasize(), RUN_LENGTH) // zeros
            mstore8(add(state, 3), 1) // pc = 1 << 40, the base of CODE
            calldatacopy(add(state, G), add(mload(v), 1), sub(YIELD_LENGTH, 1))
        }
        uint256 size = _byte(v, G + SCRATCH);
        if (size <= MAX_SIZE) _setRoot(v, ROOTS + 32 * SCRATCH, Trees.zero(size));
    }

    function _checkSizes(Step memory v) private pure {
        unchecked {
            for (uint256 i = 0; i < 6; i++) {
                if (_byte(v, G + i) > MAX_SIZE) revert WitnessSizes(bytes6(_word(v, G)));
            }
        }
    }

    function _fetch(Step memory v) private pure returns (bytes32) {
        uint64 pc = _u64(v, PC);
        if (!_inside(v, pc, 2)) return _fault();
        uint256 leaf = _open(v, pc);
        uint32 word = uint32(_load(leaf, pc, 2));
        return _execute(v, word, pc);
    }

    function _execute(Step memory v, uint32 word, uint64 pc) private pure returns (bytes32) {
        unchecked {
            uint256 rd = word >> 7 & 31;
            uint256 funct3 = word >> 12 & 7;
            uint64 a = _x(v, word >> 15 & 31);
            uint64 b = _x(v, word >> 20 & 31);
            uint64 imm = _field(word, 20);
            uint256 opcode = word & 127;
            if (opcode == 0x03 || opcode == 0x23 || opcode == 0x0b) return _access(v, word, pc, a, b);
            if (opcode == 0x13) return _next(v, pc, rd, _immediate(v, word, funct3, a, imm));
            if (opcode == 0x1b) return _next(v, pc, rd, _immediate32(v, word, funct3, uint32(a), uint32(imm)));
            if (opcode == 0x33) return _next(v, pc, rd, _register(v, word >> 25, funct3, a, b));
            if (opcode == 0x3b) return _next(v, pc, rd, _register32(v, word >> 25, funct3, uint32(a), uint32(b)));
            if (opcode == 0x53) return _next(v, pc, rd, _floating(v, word, funct3, a, uint32(a), uint32(b)));
            if (opcode == 0x63) {
                bool taken = _taken(v, funct3, a, b);
                return _jump(v, 0, 0, taken ? pc + _branchOffset(word) : pc + 4);
            }
            // LUI, AUIPC
            if (opcode == 0x37) return _next(v, pc, rd, _signed(word & 0xfffff000));
            if (opcode == 0x17) return _next(v, pc, rd, pc + _signed(word & 0xfffff000));
            // JAL, JALR
            if (opcode == 0x6f) return _jump(v, rd, pc + 4, pc + _jumpOffset(word));
            if (opcode == 0x67) return funct3 == 0 ? _jump(v, rd, pc + 4, (a + imm) & ~uint64(1)) : _fault();
            // FENCE, FENCE.I
            if (opcode == 0x0f) return funct3 <= 1 ? _next(v, pc, 0, 0) : _fault();
            if (word == 0x73) return _environment(v);
            return _fault();
        }
    }

    /// @dev A 32-bit value, sign-extended to 64 bits.
    function _signed(uint32 value) private pure returns (uint64) {
        return uint64(int64(int32(value)));
    }

    /// @dev The word from bit `first` upwards, sign-extended to 64 bits.
    function _field(uint32 word, uint256 first) private pure returns (uint64) {
        return uint64(int64(int32(word)) >> first);
    }

    function _jumpOffset(uint32 word) private pure returns (uint64) {
        return _field(word, 31) << 20 | word & 0xff000 | (word >> 20 & 1) << 11 | (word >> 21 & 1023) << 1;
    }

    function _branchOffset(uint32 word) private pure returns (uint64) {
        return _field(word, 31) << 12 | (word >> 7 & 1) << 11 | (word >> 25 & 63) << 5 | (word >> 8 & 15) << 1;
    }

    function _storeOffset(uint32 word) private pure returns (uint64) {
        return _field(word, 25) << 5 | word >> 7 & 31;
    }

    function _taken(Step memory v, uint256 funct3, uint64 a, uint64 b) private pure returns (bool) {
        if (funct3 == 0) return a == b;
        if (funct3 == 1) return a != b;
        if (funct3 == 4) return int64(a) < int64(b);
        if (funct3 == 5) return int64(a) >= int64(b);
        if (funct3 == 6) return a < b;
        if (funct3 == 7) return a >= b;
        v.illegal = true;
        return false;
    }

    function _immediate(Step memory v, uint32 word, uint256 funct3, uint64 a, uint64 imm)
        private
        pure
        returns (uint64)
    {
        unchecked {
            uint64 shift = imm & 63;
            uint256 funct6 = word >> 26;
            if (funct3 == 0) return a + imm;
            if (funct3 == 1) {
                v.illegal = funct6 != 0;
                return a << shift;
            }
            if (funct3 == 2) return int64(a) < int64(imm) ? 1 : 0;
            if (funct3 == 3) return a < imm ? 1 : 0;
            if (funct3 == 4) return a ^ imm;
            if (funct3 == 5) {
                v.illegal = funct6 != 0 && funct6 != 16;
                return funct6 == 0 ? a >> shift : uint64(int64(a) >> shift);
            }
            if (funct3 == 6) return a | imm;
            return a & imm;
        }
    }

    function _immediate32(Step memory v, uint32 word, uint256 funct3, uint32 a, uint32 imm)
        private
        pure
        returns (uint64)
    {
        unchecked {
            uint32 shift = imm & 31;
            uint256 funct7 = word >> 25;
            if (funct3 == 0) return _signed(a + imm);
            if (funct3 == 1) {
                v.illegal = funct7 != 0;
                return _signed(a << shift);
            }
            if (funct3 == 5) {
                v.illegal = funct7 != 0 && funct7 != 32;
                return _signed(funct7 == 0 ? a >> shift : uint32(int32(a) >> shift));
            }
            v.illegal = true;
            return 0;
        }
    }

    function _register(Step memory v, uint256 funct7, uint256 funct3, uint64 a, uint64 b)
        private
        pure
        returns (uint64)
    {
        unchecked {
            uint256 operation = funct7 << 3 | funct3;
            if (operation == 0) return a + b;
            if (operation == 1) return a << (b & 63);
            if (operation == 2) return int64(a) < int64(b) ? 1 : 0;
            if (operation == 3) return a < b ? 1 : 0;
            if (operation == 4) return a ^ b;
            if (operation == 5) return a >> (b & 63);
            if (operation == 6) return a | b;
            if (operation == 7) return a & b;
            if (operation == 32 << 3) return a - b;
            if (operation == 32 << 3 | 5) return uint64(int64(a) >> (b & 63));
            if (operation == 1 << 3) return a * b;
            if (operation == 1 << 3 | 1) return Integers.mulh(a, b);
            if (operation == 1 << 3 | 2) return Integers.mulhsu(a, b);
            if (operation == 1 << 3 | 3) return Integers.mulhu(a, b);
            if (operation == 1 << 3 | 4) return Integers.div(int64(a), int64(b));
            if (operation == 1 << 3 | 5) return Integers.divu(a, b);
            if (operation == 1 << 3 | 6) return Integers.rem(int64(a), int64(b));
            if (operation == 1 << 3 | 7) return Integers.remu(a, b);
            v.illegal = true;
            return 0;
        }
    }

    /// @dev The operations on 32 bits; each result is sign-extended.
    function _register32(Step memory v, uint256 funct7, uint256 funct3, uint32 a, uint32 b)
        private
        pure
        returns (uint64)
    {
        unchecked {
            uint256 operation = funct7 << 3 | funct3;
            if (operation == 0) return _signed(a + b);
            if (operation == 1) return _signed(a << (b & 31));
            if (operation == 5) return _signed(a >> (b & 31));
            if (operation == 32 << 3) return _signed(a - b);
            if (operation == 32 << 3 | 5) return _signed(uint32(int32(a) >> (b & 31)));
            if (operation == 1 << 3) return _signed(a * b);
            if (operation == 1 << 3 | 4) return _signed(uint32(Integers.div(int32(a), int32(b))));
            if (operation == 1 << 3 | 5) return _signed(uint32(Integers.divu(a, b)));
            if (operation == 1 << 3 | 6) return _signed(uint32(Integers.rem(int32(a), int32(b))));
            if (operation == 1 << 3 | 7) return _signed(uint32(Integers.remu(a, b)));
            v.illegal = true;
            return 0;
        }
    }

    /// @dev OP-FP; a is the first operand's whole register, x and y are the operands' single-precision bits.
    function _floating(Step memory v, uint32 word, uint256 funct3, uint64 a, uint32 x, uint32 y)
        private
        pure
        returns (uint64)
    {
        uint256 rs2 = word >> 20 & 31;
        uint256 funct7 = word >> 25;
        bool nearest = funct3 == 0 || funct3 == 7;
        if (funct7 == 0x00) {
            v.illegal = !nearest;
            return _signed(uint32(SoftFloat.add(x, y)));
        }
        if (funct7 == 0x04) {
            v.illegal = !nearest;
            return _signed(uint32(SoftFloat.sub(x, y)));
        }
        if (funct7 == 0x08) {
            v.illegal = !nearest;
            return _signed(uint32(SoftFloat.mul(x, y)));
        }
        if (funct7 == 0x0c) {
            v.illegal = !nearest;
            return _signed(uint32(SoftFloat.div(x, y)));
        }
        if (funct7 == 0x2c) {
            v.illegal = !nearest || rs2 != 0;
            return _signed(uint32(SoftFloat.sqrt(x)));
        }
        if (funct7 == 0x10) return _signInjection(v, funct3, x, y);
        if (funct7 == 0x14) {
            v.illegal = funct3 > 1;
            return _signed(uint32(funct3 == 0 ? SoftFloat.min(x, y) : SoftFloat.max(x, y)));
        }
        if (funct7 == 0x50) return _comparison(v, funct3, x, y);
        if (funct7 == 0x60) {
            v.illegal = !nearest && funct3 != 1 || rs2 > 3;
            return SoftFloat.toInteger(x, funct3 == 1, rs2 & 1 == 0, rs2 < 2 ? 32 : 64);
        }
        if (funct7 == 0x68) {
            v.illegal = !nearest || rs2 > 3;
            return _fromInteger(rs2, a);
        }
        if (funct7 == 0x70) {
            v.illegal = funct3 != 1 || rs2 != 0;
            return uint64(SoftFloat.classify(x));
        }
        if (funct7 == 0x20) {
            v.illegal = !nearest || rs2 != 2;
            return _signed(uint32(SoftFloat.fromHalf(x & 0xffff)));
        }
        if (funct7 == 0x22) {
            v.illegal = !nearest || rs2 != 0;
            return uint64(int64(int16(uint16(SoftFloat.toHalf(x)))));
        }
        v.illegal = true;
        return 0;
    }

    function _signInjection(Step memory v, uint256 funct3, uint32 x, uint32 y) private pure returns (uint64) {
        uint32 magnitude = x & 0x7fffffff;
        if (funct3 == 0) return _signed(magnitude | y & 0x80000000);
        if (funct3 == 1) return _signed(magnitude | ~y & 0x80000000);
        if (funct3 == 2) return _signed(x ^ y & 0x80000000);
        v.illegal = true;
        return 0;
    }

    function _comparison(Step memory v, uint256 funct3, uint32 x, uint32 y) private pure returns (uint64) {
        if (funct3 == 0) return uint64(SoftFloat.le(x, y));
        if (funct3 == 1) return uint64(SoftFloat.lt(x, y));
        if (funct3 == 2) return uint64(SoftFloat.eq(x, y));
        v.illegal = true;
        return 0;
    }

    function _fromInteger(uint256 rs2, uint64 a) private pure returns (uint64) {
        if (rs2 == 0) return _signed(uint32(SoftFloat.fromInteger(_signed(uint32(a)), true)));
        if (rs2 == 1) return _signed(uint32(SoftFloat.fromInteger(a & 0xffffffff, true)));
        return _signed(uint32(SoftFloat.fromInteger(a, rs2 == 2)));
    }

    /// @dev Loads, stores and Xopml: the one data leaf of an instruction (INV-04).
    function _access(Step memory v, uint32 word, uint64 pc, uint64 a, uint64 b) private pure returns (bytes32) {
        unchecked {
            bool store = word & 127 == 0x23;
            uint64 address_ = a + (store ? _storeOffset(word) : _field(word, 20));
            uint256 shift = _accessShift(word);
            if (shift > 5 || !_inside(v, address_, shift) || store && !_writable(address_ >> 40)) return _fault();
            uint256 leaf = _open(v, address_);
            if (store) {
                _store(v, leaf, address_, shift, b);
                return _next(v, pc, 0, 0);
            }
            if (word & 127 == 0x0b) return _vector(v, word, pc, leaf, address_);
            uint64 value = _load(leaf, address_, shift);
            if (word >> 12 & 4 == 0 && shift < 3) {
                uint64 unused = uint64(64 - (8 << shift));
                value = uint64(int64(value << unused) >> unused);
            }
            return _next(v, pc, word >> 7 & 31, value);
        }
    }

    /// @dev log2 of the bytes that a load, store or Xopml instruction touches; 255: no such instruction.
    function _accessShift(uint32 word) private pure returns (uint256) {
        uint256 funct3 = word >> 12 & 7;
        uint256 opcode = word & 127;
        if (opcode == 0x03) return funct3 == 7 ? 255 : funct3 & 3;
        if (opcode == 0x23) return funct3 > 3 ? 255 : funct3;
        if (funct3 > 3 || funct3 < 2 && word >> 7 & 31 != 0) return 255;
        return funct3 == 1 ? 4 : 5;
    }

    function _vector(Step memory v, uint32 word, uint64 pc, uint256 leaf, uint64 address_)
        private
        pure
        returns (bytes32)
    {
        uint256 funct3 = word >> 12 & 7;
        uint256 state = v.state;
        if (funct3 == 0) {
            assembly ("memory-safe") {
                calldatacopy(add(state, V), leaf, 32)
            }
            return _next(v, pc, 0, 0);
        }
        if (funct3 == 1) {
            assembly ("memory-safe") {
                let weights := add(state, V)
                let bytes_ := calldataload(add(leaf, and(address_, 31)))
                for { let i := 0 } lt(i, 16) { i := add(i, 1) } {
                    let pair := byte(i, bytes_)
                    mstore8(add(weights, i), and(pair, 15))
                    mstore8(add(weights, add(16, i)), shr(4, pair))
                }
            }
            return _next(v, pc, 0, 0);
        }
        uint256 sum;
        assembly ("memory-safe") {
            let weights := mload(add(add(state, V), shl(4, and(funct3, 1)))) // doth: the upper half first
            let values := calldataload(leaf)
            for { let i := 0 } lt(i, 16) { i := add(i, 1) } {
                let low := shl(1, i)
                let value := or(byte(low, values), shl(8, signextend(0, byte(add(low, 1), values))))
                sum := add(sum, mul(signextend(0, byte(i, weights)), value))
            }
        }
        return _next(v, pc, word >> 7 & 31, _signed(uint32(sum)));
    }

    function _environment(Step memory v) private pure returns (bytes32 post) {
        uint64 a7 = _x(v, 17);
        uint256 state = v.state;
        if (a7 == 0) {
            assembly ("memory-safe") {
                mstore8(add(state, sub(G, 1)), YIELD) // overwrites the last byte of V, which YIELD forgets
                post := keccak256(add(state, sub(G, 1)), YIELD_LENGTH)
            }
            return post;
        }
        if (a7 == 1) {
            assembly ("memory-safe") {
                let root := add(state, add(ROOTS, mul(32, OUTPUT)))
                mstore8(sub(root, 1), EXIT) // overwrites the last byte of the root before
                post := keccak256(sub(root, 1), EXIT_LENGTH)
            }
            return post;
        }
        return _fault();
    }

    function _fault() private pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(FAULT)));
    }

    function _next(Step memory v, uint64 pc, uint256 rd, uint64 value) private pure returns (bytes32) {
        unchecked {
            return _jump(v, rd, value, pc + 4);
        }
    }

    /// @dev Ends an instruction that is legal: rd gets the value, the program goes on at the target.
    function _jump(Step memory v, uint256 rd, uint64 value, uint64 target) private pure returns (bytes32 post) {
        // INVARIANT: INV-03
        if (v.illegal) return _fault();
        unchecked {
            if (rd != 0) _putU64(v, X1 + 8 * (rd - 1), value);
            _putU64(v, PC, target);
        }
        uint256 state = v.state;
        assembly ("memory-safe") {
            post := keccak256(state, RUN_LENGTH)
        }
    }

    function _writable(uint256 region) private pure returns (bool) {
        return region == 0 || region >= 4;
    }

    /// @dev Place of a region in the commitment order.
    function _position(uint256 region) private pure returns (uint256) {
        unchecked {
            if (region == 0) return 3;
            return region < 4 ? region - 1 : region;
        }
    }

    /// @dev Whether an aligned access of 2^shift bytes lies in a region.
    function _inside(Step memory v, uint64 address_, uint256 shift) private pure returns (bool) {
        unchecked {
            if (address_ >> 40 > 5 || address_ & ((1 << shift) - 1) != 0) return false;
            return _leafIndex(address_) >> _size(v, address_) == 0;
        }
    }

    function _leafIndex(uint64 address_) private pure returns (uint256) {
        return (address_ & 0xffffffffff) >> 5;
    }

    function _size(Step memory v, uint64 address_) private pure returns (uint256) {
        unchecked {
            return _byte(v, G + _position(address_ >> 40));
        }
    }

    function _root(uint64 address_) private pure returns (uint256) {
        unchecked {
            return ROOTS + 32 * _position(address_ >> 40);
        }
    }

    /// @dev Takes the next leaf and branch of the witness; returns where the leaf lies in the calldata.
    function _open(Step memory v, uint64 address_) private pure returns (uint256 leaf) {
        unchecked {
            leaf = v.witness + v.taken;
            v.taken += 32 + 32 * _size(v, address_); // INVARIANT: INV-01
            if (v.length < v.taken) revert WitnessLength(v.taken, v.length);
            bytes32 node;
            assembly ("memory-safe") {
                node := calldataload(leaf)
            }
            if (_climb(v, node, leaf, address_) != _word(v, _root(address_))) {
                revert WitnessBranch(address_ >> 40, _leafIndex(address_));
            }
        }
    }

    /// @dev Root over a node at an address, with the branch that follows the leaf in the witness.
    function _climb(Step memory v, bytes32 node, uint256 leaf, uint64 address_) private pure returns (bytes32 root) {
        uint256 size = _size(v, address_);
        uint256 index = _leafIndex(address_);
        root = node;
        assembly ("memory-safe") {
            let sibling := add(leaf, 32)
            for { let end := add(sibling, shl(5, size)) } lt(sibling, end) { sibling := add(sibling, 32) } {
                let side := shl(5, and(index, 1)) // the node goes right when its index is odd
                mstore(side, root)
                mstore(xor(side, 32), calldataload(sibling))
                root := keccak256(0, 64)
                index := shr(1, index)
            }
        }
    }

    /// @dev 2^shift bytes (at most 8) of the leaf, little-endian, zero-extended.
    function _load(uint256 leaf, uint64 address_, uint256 shift) private pure returns (uint64 value) {
        assembly ("memory-safe") {
            let bytes_ := calldataload(add(leaf, and(address_, 31)))
            for { let i := shl(shift, 1) } i {} {
                i := sub(i, 1)
                value := or(shl(8, value), byte(i, bytes_))
            }
        }
    }

    function _store(Step memory v, uint256 leaf, uint64 address_, uint256 shift, uint64 value) private pure {
        bytes32 node;
        assembly ("memory-safe") {
            mstore(0, calldataload(leaf))
            let to := and(address_, 31)
            for { let end := add(to, shl(shift, 1)) } lt(to, end) { to := add(to, 1) } {
                mstore8(to, value)
                value := shr(8, value)
            }
            node := mload(0)
        }
        _setRoot(v, _root(address_), _climb(v, node, leaf, address_));
    }

    function _x(Step memory v, uint256 register) private pure returns (uint64) {
        unchecked {
            return register == 0 ? 0 : _u64(v, X1 + 8 * (register - 1));
        }
    }

    function _u64(Step memory v, uint256 offset) private pure returns (uint64) {
        return uint64(uint256(_word(v, offset)) >> 192);
    }

    function _putU64(Step memory v, uint256 offset, uint64 value) private pure {
        assembly ("memory-safe") {
            let to := add(mload(add(v, 96)), offset)
            mstore(to, or(shl(192, value), shr(64, shl(64, mload(to)))))
        }
    }

    function _byte(Step memory v, uint256 offset) private pure returns (uint256) {
        return uint256(_word(v, offset)) >> 248;
    }

    function _word(Step memory v, uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(mload(add(v, 96)), offset))
        }
    }

    function _setRoot(Step memory v, uint256 offset, bytes32 root) private pure {
        assembly ("memory-safe") {
            mstore(add(mload(add(v, 96)), offset), root)
        }
    }
}
