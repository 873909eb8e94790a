// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {StepVerifier} from "../src/StepVerifier.sol";
import {Test} from "./Vm.sol";

/// @dev Which words are instructions (protocol section 4), from a table of its own: all others end in FAULT, with every
/// operand in bounds and aligned, so that nothing but the word can be the reason.
contract EncodingsTest is Test {
    bytes32 private constant FAULT = keccak256(hex"03");
    uint256 private constant LEAF = 487;
    StepVerifier private verifier;

    function setUp() public {
        verifier = StepVerifier(deploy("StepVerifier", ""));
    }

    function test_verify_everyOpcode_faultsUnlessListed() public view {
        bytes memory witness = start();
        for (uint32 opcode = 0; opcode < 128; opcode++) {
            for (uint32 funct3 = 0; funct3 < 8; funct3++) {
                one(witness, funct3 << 12 | opcode);
                if (!accesses(opcode)) one(witness, 1 << 25 | 31 << 20 | 31 << 15 | funct3 << 12 | 31 << 7 | opcode);
            }
        }
    }

    function test_verify_everyFunct7_faultsUnlessListed() public view {
        bytes memory witness = start();
        uint32[4] memory opcodes = [uint32(0x13), 0x1b, 0x33, 0x3b];
        for (uint32 functs = 0; functs < 1024; functs++) {
            for (uint256 i = 0; i < 4; i++) {
                one(witness, functs >> 3 << 25 | 11 << 20 | 10 << 15 | (functs & 7) << 12 | 12 << 7 | opcodes[i]);
            }
        }
    }

    function test_verify_everyFloatingWord_faultsUnlessListed() public view {
        bytes memory witness = start();
        for (uint32 fields = 0; fields < 1 << 15; fields++) {
            one(witness, fields >> 3 << 20 | 10 << 15 | (fields & 7) << 12 | 12 << 7 | 0x53);
        }
    }

    function test_verify_everyDestinationOfXopml_faultsUnlessListed() public view {
        bytes memory witness = start();
        for (uint32 fields = 0; fields < 256; fields++) {
            one(witness, fields << 7 | 0x0b);
        }
    }

    function one(bytes memory witness, uint32 word) private view {
        bool legal = listed(word & 127, word >> 25, word >> 20 & 31, word >> 7 & 31) >> (word >> 12 & 7) & 1 == 1;
        if (word & 127 == 0x73) legal = word == 0x73;
        uint256 length = legal && accesses(word & 127) ? LEAF + 64 : LEAF + 32;
        assembly ("memory-safe") {
            mstore(witness, length)
        }
        for (uint256 i = 0; i < 4; i++) {
            witness[LEAF + i] = witness[295 + i] = bytes1(uint8(word >> 8 * i)); // a tree of one leaf is its root
        }
        (, bytes32 post) = verifier.verify(witness, false);
        if ((post == FAULT) == legal) revert Different("word", bytes32(uint256(word)), post);
    }

    /// @dev The funct3 that an instruction has with these other fields, a bit each.
    function listed(uint32 opcode, uint32 funct7, uint32 rs2, uint32 rd) private pure returns (uint256) {
        if (opcode == 0x37 || opcode == 0x17 || opcode == 0x6f) return 0xff;
        if (opcode == 0x67) return 0x01;
        if (opcode == 0x63) return 0xf3;
        if (opcode == 0x03) return 0x7f;
        if (opcode == 0x23) return 0x0f;
        if (opcode == 0x0f) return 0x03;
        if (opcode == 0x0b) return rd == 0 ? 0x0f : 0x0c;
        if (opcode == 0x13) return funct7 < 2 ? 0xff : funct7 == 32 || funct7 == 33 ? 0xfd : 0xdd;
        if (opcode == 0x1b) return funct7 == 0 ? 0x23 : funct7 == 32 ? 0x21 : 0x01;
        if (opcode == 0x33) return funct7 < 2 ? 0xff : funct7 == 32 ? 0x21 : 0;
        if (opcode == 0x3b) return funct7 == 0 ? 0x23 : funct7 == 1 ? 0xf1 : funct7 == 32 ? 0x21 : 0;
        return opcode == 0x53 ? floating(funct7, rs2) : 0;
    }

    function floating(uint32 funct7, uint32 rs2) private pure returns (uint256) {
        if (funct7 == 0x00 || funct7 == 0x04 || funct7 == 0x08 || funct7 == 0x0c) return 0x81;
        if (funct7 == 0x2c || funct7 == 0x22) return rs2 == 0 ? 0x81 : 0;
        if (funct7 == 0x10 || funct7 == 0x50) return 0x07;
        if (funct7 == 0x14) return 0x03;
        if (funct7 == 0x60) return rs2 < 4 ? 0x83 : 0;
        if (funct7 == 0x68) return rs2 < 4 ? 0x81 : 0;
        if (funct7 == 0x70) return rs2 == 0 ? 0x02 : 0;
        return funct7 == 0x20 && rs2 == 2 ? 0x81 : 0;
    }

    function accesses(uint32 opcode) private pure returns (bool) {
        return opcode == 0x03 || opcode == 0x23 || opcode == 0x0b;
    }

    /// @dev RUN at the base of CODE; all else is zero: address 0 is the only leaf of STATE, ECALL is YIELD.
    function start() private pure returns (bytes memory witness) {
        witness = new bytes(LEAF + 64);
        witness[3] = 0x01;
    }
}
