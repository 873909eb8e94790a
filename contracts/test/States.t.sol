// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Game, Status} from "../src/types/Game.sol";
import {Position} from "../src/types/Position.sol";
import {Fixture} from "./Fixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev The two states between which a game begins, with regions of many leaves: every tree is made here a second
/// time, leaf by leaf. From a wrong first or last state no honest side could win.
contract StatesTest is Fixture {
    function testFuzz_open_anyRegions_beginsBetweenFirstAndLast(uint256 seed) public {
        uint8[3] memory size = [uint8(seed % 6), uint8(seed >> 8) % 6, uint8(seed >> 16) % 6];
        begin(size, 32 + (seed >> 32) % ((32 << size[0]) - 31), 16 + (seed >> 96) % ((32 << size[2]) - 15));
    }

    /// @dev Memory that was used before must not stand behind the bytes in their last leaf.
    function test_open_lastLeavesPartlyFilled_endInZeros() public {
        uint256[3] memory lengths = [uint256(33), 481, 1001];
        for (uint256 i = 0; i < 9; i++) {
            begin([5, 5, 5], lengths[i / 3], lengths[i % 3]);
        }
    }

    /// @param size Of INPUT, STATE and OUTPUT
    function begin(uint8[3] memory size, uint256 inputLength, uint256 outputLength) private {
        model.sizes = bytes6(abi.encodePacked(uint8(3), size[0], uint8(4), size[1], size[2], uint8(5)));
        (bytes memory input, bytes memory output) = (request(inputLength), answer(outputLength));
        Play memory play = openWith(input, output);
        bytes32 hi = keccak256(abi.encodePacked(uint8(2), tree(output, size[2], 0)));
        bytes memory first = abi.encodePacked(uint8(1), model.sizes, model.codeRoot, tree(input, size[0], 0));
        first = abi.encodePacked(first, model.weightsRoot, tree("", size[1], 0), tree("", size[2], 0));
        play.p = Position(play.gameId, 0, 30, 0, keccak256(first), hi, 0, START, PROPOSER_TIME, CHALLENGER_TIME, 0);
        agree(play);
    }

    /// @dev The caps that bound the transaction of a challenge hold in regions that could hold more.
    function test_open_bytesAroundTheCaps_defeatsOnlyBeyond() public {
        model.sizes = 0x000b00000c00; // INPUT 2^16, OUTPUT 2^17 bytes
        check(statusOf(openWith(request(32768), answer(65536))) == Status.Open, "at both caps");
        check(statusOf(openWith(request(32769), answer(65536))) == Status.Defeated, "a request beyond");
        check(statusOf(openWith(request(32768), answer(65537))) == Status.Defeated, "an answer beyond");
    }

    /// @dev A length is all of its four bytes: else a claim could be well formed here and malformed for the machine.
    function test_open_everyLengthByte_counts() public {
        for (uint256 i = 0; i < 4; i++) {
            bytes memory input = ToyTrace.input();
            input[20 + i] ^= 0x01;
            check(statusOf(openWith(input, ToyTrace.output(2))) == Status.Defeated, "a byte of the request's");
            bytes memory output = ToyTrace.output(2);
            output[12 + i] ^= 0x01;
            check(statusOf(openWith(ToyTrace.input(), output)) == Status.Defeated, "a byte of the answer's");
        }
    }

    function openWith(bytes memory input, bytes memory output) private returns (Play memory play) {
        play.claim = claimOf(1, 0, keccak256(abi.encode(input, output)));
        (play.claim.inputHash, play.claim.outputHash) = (keccak256(input), keccak256(output));
        play.claimId = create(play.claim);
        play.game = Game(play.claimId, CHALLENGER, 0);
        vm.prank(CHALLENGER);
        play.gameId = dispute.open{value: BOND}(play.claim, model, input, output, 0, CHALLENGER);
    }

    function request(uint256 length) private pure returns (bytes memory) {
        return full(length, 20, length - 32);
    }

    function answer(uint256 length) private pure returns (bytes memory) {
        return full(length, 12, length - 16);
    }

    /// @dev Bytes none of which is zero but in the length that stands at a place, little-endian.
    function full(uint256 length, uint256 place, uint256 rest) private pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            data[i] = bytes1(uint8(i % 251 + 1));
        }
        for (uint256 i = 0; i < 4; i++) {
            data[place + i] = bytes1(uint8(rest >> (8 * i)));
        }
    }

    /// @dev The node over 2^height leaves of the data, zeros behind it.
    function tree(bytes memory data, uint256 height, uint256 index) private pure returns (bytes32 node) {
        if (height != 0) {
            bytes32 left = tree(data, height - 1, 2 * index);
            return keccak256(abi.encodePacked(left, tree(data, height - 1, 2 * index + 1)));
        }
        for (uint256 i = 32 * index; i < 32 * index + 32 && i < data.length; i++) {
            node |= bytes32(uint256(uint8(data[i])) << (8 * (31 - i % 32)));
        }
    }
}
