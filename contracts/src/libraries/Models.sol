// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Model} from "../types/Model.sol";
import {Trees} from "./Trees.sol";

/// @title Identity and first state of a model, last state of an answer (protocol sections 2, 3, 6, 7)
library Models {
    uint32 internal constant VM_VERSION = 1;
    /// @dev Largest region: 2^35 leaves, 2^40 bytes, all that an address can name.
    uint256 internal constant SIZE_MAX = 35;
    /// @dev Places of the regions in sizes and states.
    uint256 internal constant INPUT = 1;
    uint256 internal constant STATE = 3;
    uint256 internal constant OUTPUT = 4;
    /// @dev Most bytes of an input.
    uint256 internal constant INPUT_MAX = 32768;
    /// @dev Most bytes of an output. With INPUT_MAX it bounds the transaction that opens a game: an answer that can be
    /// claimed but not posted by a challenge would be final whatever it says.
    uint256 internal constant OUTPUT_MAX = 65536;

    /// @dev Content hash of a model, 98 bytes.
    function id(Model calldata model) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encodePacked("OPML", VM_VERSION, model.verifier, model.sizes, model.codeRoot, model.weightsRoot)
            );
    }

    /// @dev Whether every region size is at most SIZE_MAX.
    function sizesFit(bytes6 sizes) internal pure returns (bool) {
        for (uint256 i = 0; i < 6; i++) {
            if (uint8(sizes[i]) > SIZE_MAX) return false;
        }
        return true;
    }

    /// @dev Whether the bytes are a request: 32 + bodyLength, inside cap and region.
    function isInput(bytes6 sizes, bytes calldata input) internal pure returns (bool) {
        uint256 length = input.length;
        if (length < 32 || length > INPUT_MAX || length > 32 << uint8(sizes[INPUT])) return false;
        return length == 32 + littleEndian(bytes4(input[20:24]));
    }

    /// @dev Whether the bytes are an answer: 16 + length, inside the region.
    function isOutput(bytes6 sizes, bytes calldata output) internal pure returns (bool) {
        return output.length <= 32 << uint8(sizes[OUTPUT]) && isOutputForm(output);
    }

    /// @dev Whether the bytes are 16 + length, inside the cap, whatever the region's size.
    function isOutputForm(bytes calldata output) internal pure returns (bool) {
        uint256 length = output.length;
        return length >= 16 && length <= OUTPUT_MAX && length == 16 + littleEndian(bytes4(output[12:16]));
    }

    /// @dev s(0): YIELD with the model's roots, the input's root, zero STATE and OUTPUT.
    function first(Model calldata model, bytes calldata input) internal pure returns (bytes32) {
        bytes6 sizes = model.sizes;
        return keccak256(
            abi.encodePacked(
                bytes1(0x01),
                sizes,
                model.codeRoot,
                Trees.root(input, uint8(sizes[INPUT])),
                model.weightsRoot,
                Trees.zero(uint8(sizes[STATE])),
                Trees.zero(uint8(sizes[OUTPUT]))
            )
        );
    }

    /// @dev EXIT with the output's root.
    function last(Model calldata model, bytes calldata output) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x02), Trees.root(output, uint8(model.sizes[OUTPUT]))));
    }

    function littleEndian(bytes4 b) private pure returns (uint256) {
        return
            uint256(uint8(b[0])) | uint256(uint8(b[1])) << 8 | uint256(uint8(b[2])) << 16 | uint256(uint8(b[3])) << 24;
    }
}
