// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @dev Witnesses of single instructions in a model of the largest size, with as few zero bytes as there can be: every
/// register, V, every leaf and sibling is full. So their calldata is the dearest of their class.
library StepWitness {
    /// @dev CODE 2^17 bytes, INPUT 2^15, WEIGHTS 2^33, STATE 2^30, OUTPUT 2^16, SCRATCH 2^12: a 7B model.
    bytes6 internal constant SIZES = 0x0c0a1c190b07;
    uint256 internal constant CODE = 1;
    uint256 internal constant PC = (1 << 40) + 0x1f2c4;

    /// @param word The instruction; by custom of these tests rs1 = x10, rs2 = x11, rd = x12
    /// @param a Value of x10
    /// @param b Value of x11
    /// @param a7 Value of x17
    /// @param location Address of the data leaf; 0: the instruction has none
    struct Instruction {
        string name;
        uint32 word;
        uint64 a;
        uint64 b;
        uint64 a7;
        uint64 location;
    }

    /// @dev A RUN witness.
    function run(Instruction memory i) internal pure returns (bytes memory) {
        bytes32[6] memory roots = _roots();
        bytes32 leaf = _place(_full("fetch"), PC & 31, i.word);
        roots[0] = _climb(leaf, (PC & 0xffffffffff) >> 5, 12, "fetch");
        bytes memory parts = abi.encodePacked(leaf, _branch(12, "fetch"));
        if (i.location != 0) {
            uint256 place = _place(i.location >> 40);
            uint256 size = uint8(SIZES[place]);
            uint256 index = (i.location & 0xffffffffff) >> 5;
            if (place == 0) {
                parts = abi.encodePacked(parts, parts); // the leaf of the instruction itself
            } else {
                roots[place] = _climb(_full("data"), index, size, "data");
                parts = abi.encodePacked(parts, _full("data"), _branch(size, "data"));
            }
        }
        return abi.encodePacked(_run(i, roots), parts);
    }

    /// @dev A YIELD witness that resumes with the word at the base of CODE.
    function resume(uint32 word) internal pure returns (bytes memory) {
        bytes32[6] memory roots = _roots();
        bytes32 leaf = _place(_full("fetch"), 0, word);
        roots[0] = _climb(leaf, 0, 12, "fetch");
        return
            abi.encodePacked(
                uint8(1), SIZES, roots[0], roots[1], roots[2], roots[3], roots[4], leaf, _branch(12, "fetch")
            );
    }

    function _run(Instruction memory i, bytes32[6] memory roots) private pure returns (bytes memory state) {
        state = abi.encodePacked(uint8(0), uint64(PC));
        for (uint256 x = 1; x < 32; x++) {
            uint64 value = uint64(uint256(_full(vmString("x", x))));
            if (x == 10) value = i.a;
            if (x == 11) value = i.b;
            if (x == 17) value = i.a7;
            state = abi.encodePacked(state, value);
        }
        state = abi.encodePacked(state, _full("V"), SIZES, roots);
    }

    function vmString(string memory text, uint256 number) private pure returns (string memory) {
        return string(abi.encodePacked(text, number));
    }

    function _roots() private pure returns (bytes32[6] memory roots) {
        for (uint256 i = 0; i < 6; i++) {
            roots[i] = _full(vmString("root", i));
        }
    }

    /// @dev Place of a region in the commitment order.
    function _place(uint256 region) private pure returns (uint256) {
        return region == 0 ? 3 : region < 4 ? region - 1 : region;
    }

    /// @dev 32 bytes, none of them zero.
    function _full(string memory seed) private pure returns (bytes32 full) {
        full = keccak256(bytes(seed));
        for (uint256 i = 0; i < 32; i++) {
            if (full[i] == 0) full |= bytes32(uint256(0x5a) << (8 * (31 - i)));
        }
    }

    /// @dev The leaf with a little-endian word at a byte offset.
    function _place(bytes32 leaf, uint256 offset, uint32 word) private pure returns (bytes32) {
        for (uint256 i = 0; i < 4; i++) {
            uint256 shift = 8 * (31 - offset - i);
            leaf = leaf & ~bytes32(uint256(0xff) << shift) | bytes32(uint256(uint8(word >> (8 * i))) << shift);
        }
        return leaf;
    }

    function _branch(uint256 size, string memory seed) private pure returns (bytes memory branch) {
        for (uint256 i = 0; i < size; i++) {
            branch = abi.encodePacked(branch, _full(vmString(seed, i)));
        }
    }

    function _climb(bytes32 node, uint256 index, uint256 size, string memory seed) private pure returns (bytes32) {
        for (uint256 i = 0; i < size; i++) {
            bytes32 sibling = _full(vmString(seed, i));
            node = index >> i & 1 == 0
                ? keccak256(abi.encodePacked(node, sibling))
                : keccak256(abi.encodePacked(sibling, node));
        }
        return node;
    }
}
