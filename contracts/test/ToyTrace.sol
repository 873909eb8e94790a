// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Model} from "../src/types/Model.sol";

/// @dev The whole trace of a real program of six instructions that answers "prompt too long" (status 2). All regions
/// have one leaf, so every branch is empty; a tree of a region is its leaf.
library ToyTrace {
    bytes6 internal constant SIZES = 0;
    uint64 internal constant LENGTH = 6;

    /// @dev addi x5,x0,1; slli x5,x5,42; addi x6,x0,2; sw x6,0(x5); addi x17,x0,1; ecall
    bytes32 private constant CODE = 0x930210009392a2021303200023a0620093081000730000000000000000000000;
    bytes32 private constant INPUT = 0x0000000001000000000000000000803f28000000000000000000000000000000;
    bytes32 private constant OUTPUT = 0x0200000000000000000000000000000000000000000000000000000000000000;

    function model(address verifier) internal pure returns (Model memory) {
        return Model(verifier, SIZES, CODE, keccak256("no weights"));
    }

    function input() internal pure returns (bytes memory) {
        return abi.encodePacked(INPUT);
    }

    /// @dev Output bytes with a status and no text; 2 is what the program answers.
    function output(uint8 status) internal pure returns (bytes memory) {
        return abi.encodePacked(status, uint120(0));
    }

    /// @dev Preimage of s(t).
    function preimage(uint64 t) internal pure returns (bytes memory) {
        if (t == 0) {
            return abi.encodePacked(uint8(1), SIZES, CODE, INPUT, keccak256("no weights"), bytes32(0), bytes32(0));
        }
        if (t >= LENGTH) return abi.encodePacked(uint8(2), OUTPUT);
        bytes memory run = abi.encodePacked(uint8(0), (uint64(1) << 40) + 4 * t, new bytes(32));
        run = abi.encodePacked(run, t >= 2 ? uint64(1) << 42 : 1, t >= 3 ? uint64(2) : 0, new bytes(80));
        run = abi.encodePacked(run, t >= 5 ? uint64(1) : 0, new bytes(112), bytes32(0), SIZES);
        return abi.encodePacked(
            run, CODE, INPUT, keccak256("no weights"), bytes32(0), t >= 4 ? OUTPUT : bytes32(0), bytes32(0)
        );
    }

    /// @dev s(t).
    function state(uint64 t) internal pure returns (bytes32) {
        return keccak256(preimage(t));
    }

    /// @dev The end of a trace that answers with a status.
    function exit(uint8 status) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(2), status, new bytes(31)));
    }

    /// @dev Witness of step t.
    function witness(uint64 t) internal pure returns (bytes memory) {
        if (t >= LENGTH) return preimage(t);
        return abi.encodePacked(preimage(t), CODE, t == 3 ? abi.encodePacked(bytes32(0)) : new bytes(0));
    }

    /// @dev What a liar asserts for s(t) who is right before t = lie and answers with status 3; lie 0 is the truth.
    function claimed(uint64 t, uint64 lie) internal pure returns (bytes32) {
        if (lie == 0 || t < lie) return state(t);
        return t >= LENGTH ? exit(3) : keccak256(abi.encode("lie", t));
    }
}
