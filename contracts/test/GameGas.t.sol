// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "../src/interfaces/IDispute.sol";
import {Claim} from "../src/types/Claim.sol";
import {Game} from "../src/types/Game.sol";
import {Model} from "../src/types/Model.sol";
import {Position} from "../src/types/Position.sol";
import {StepWitness} from "./StepWitness.sol";
import {ToyTrace} from "./ToyTrace.sol";
import {Fixture} from "./Fixture.sol";
import {TransactionGas} from "./TransactionGas.sol";

/// @dev A whole game of 42 bits: every transaction of both sides, with a request of 512 and an answer of 512 bytes, a
/// model of 7B size, full states, and the dearest step there is. Moves are real; before the last one the game's slot
/// is set to a position with a 7B witness, since no such trace fits a test.
contract GameGasTest is Fixture, TransactionGas {
    uint256 private constant MAX = 1_500_000;
    string private constant PATH = "snapshots/game-gas.json";

    Cost private sum;
    string private json;

    function test_game_42Bits_belowLimit() public {
        vm.warp(0x6f001122);
        model.sizes = StepWitness.SIZES;
        bytes memory input = abi.encodePacked(new bytes(20), uint8(0xe0), uint8(1), new bytes(10), full(480));
        bytes memory output = abi.encodePacked(new bytes(12), uint8(0xf0), uint8(1), uint16(0), full(496));
        Play memory play;
        play.claim = Claim(modelId(), keccak256(input), keccak256(output), 3, PROPOSER, PROPOSER, keccak256("salt"));
        play.claimId = keccak256(abi.encode(play.claim));
        play.game = Game(play.claimId, CHALLENGER, keccak256("salt"));
        send(PROPOSER, "create", 4 * BOND, abi.encodeCall(IDispute.create, (play.claim)), Slots(0, 1));
        send(
            CHALLENGER,
            "open",
            BOND,
            abi.encodeCall(IDispute.open, (play.claim, model, input, output, play.game.salt, CHALLENGER)),
            Slots(1, 1)
        );
        play.gameId = keccak256(abi.encodePacked(play.claimId, CHALLENGER, play.game.salt));
        // The referee here plays the toy program's trace from now on: only hashes travel.
        play.p = Position(
            play.gameId,
            0,
            42,
            0,
            ToyTrace.state(0),
            keccak256("hi"),
            0,
            uint64(block.timestamp),
            PROPOSER_TIME,
            CHALLENGER_TIME,
            0
        );
        store(play, pack(play.p));
        while (play.p.width > 0) {
            round(play);
        }
        uint64 weights = (3 << 40) + 0x1f3456780;
        uint32 dotl = 10 << 15 | 2 << 12 | 12 << 7 | 0x0b;
        bytes memory witness = StepWitness.run(StepWitness.Instruction("dotl", dotl, weights, 0, 0, weights));
        (play.p.lo,) = verifier.verify(witness, false);
        play.p.loIndex |= 1; // not a boundary
        store(play, pack(play.p));
        send(CHALLENGER, "prove", 0, abi.encodeCall(IDispute.prove, (proof(play, witness))), Slots(2, 0));
        send(CHALLENGER, "settle", 0, abi.encodeCall(IDispute.settle, (play.game, "")), Slots(2, 1));
        json = string.concat("[\n", json, row("whole game, both sides", sum), "\n]\n");
        print(json);
        check(sum.total <= MAX, "whole game");
        if (vm.envOr("OPML_SNAPSHOT", false)) {
            vm.writeFile(PATH, json);
        } else if (keccak256(bytes(json)) != keccak256(bytes(vm.readFile(PATH)))) {
            revert("snapshots/game-gas.json is stale: npm run snapshot");
        }
    }

    /// @dev What one more challenger on the same path costs the proposer a round.
    function test_revealMany_oneMoreGame_belowHalfReveal() public {
        Play memory play = make(3, 0);
        uint256 one = many(play, 1);
        uint256 nine = many(play, 9);
        uint256 more = (nine - one) / 8;
        print(string.concat("reveal: ", vm.toString(one), ", each more game: ", vm.toString(more)));
        check(2 * more < one, "half of a reveal");
    }

    function many(Play memory play, uint256 count) private returns (uint256) {
        Game[] memory games = new Game[](count);
        bytes[] memory positions = new bytes[](count);
        bytes memory states;
        for (uint256 i = 0; i < count; i++) {
            Play memory sybil = join(play, CHALLENGER, keccak256(abi.encode(count, i)));
            (games[i], positions[i], states) = (sybil.game, pack(sybil.p), statesOf(sybil));
        }
        bytes memory data = abi.encodeCall(IDispute.revealMany, (games, positions, states));
        vm.prank(PROPOSER);
        return transact(address(dispute), address(verifier), 0, data, Slots(count, 0)).total;
    }

    function round(Play memory play) private {
        vm.warp(block.timestamp + 17);
        bytes memory states = statesOf(play);
        send(PROPOSER, "reveal", 0, abi.encodeCall(IDispute.reveal, (play.game, pack(play.p), states)), Slots(1, 0));
        revealed(play, states);
        agree(play);
        vm.warp(block.timestamp + 17);
        uint8 segment = 0x25;
        (bytes32 lo, bytes32 hi, bytes memory branches) = segmentOf(play, segment);
        bytes memory data = abi.encodeCall(IDispute.pick, (play.game, pack(play.p), segment, lo, hi, branches));
        send(CHALLENGER, "pick", 0, data, Slots(1, 0));
        picked(play, segment);
        agree(play);
    }

    function send(address sender, string memory name, uint256 value, bytes memory data, Slots memory slots) private {
        vm.prank(sender);
        Cost memory cost = transact(address(dispute), address(verifier), value, data, slots);
        sum.bytes_ += cost.bytes_;
        sum.execution += cost.execution;
        sum.total += cost.total;
        sum.amsterdam += cost.amsterdam;
        json = string.concat(json, row(name, cost), ",\n");
    }

    function row(string memory name, Cost memory cost) private pure returns (string memory) {
        string memory text = string.concat("{\"move\": \"", name, "\", \"bytes\": ", vm.toString(cost.bytes_));
        text = string.concat(text, ", \"execution\": ", vm.toString(cost.execution));
        text = string.concat(text, ", \"total\": ", vm.toString(cost.total));
        return string.concat(text, ", \"amsterdam\": ", vm.toString(cost.amsterdam), "}");
    }

    function store(Play memory play, bytes memory position) private {
        vm.store(address(dispute), keccak256(abi.encode(play.gameId, 1)), keccak256(position));
    }

    function full(uint256 length) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            text[i] = "a";
        }
    }
}
