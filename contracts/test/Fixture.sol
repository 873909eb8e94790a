// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dispute} from "../src/Dispute.sol";
import {StepVerifier} from "../src/StepVerifier.sol";
import {IDispute} from "../src/interfaces/IDispute.sol";
import {Claim} from "../src/types/Claim.sol";
import {Game, Status} from "../src/types/Game.sol";
import {Model} from "../src/types/Model.sol";
import {Position} from "../src/types/Position.sol";
import {ToyTrace} from "./ToyTrace.sol";
import {Test} from "./Vm.sol";

/// @dev A dispute contract, the parties, and games about the toy program. Positions are kept here by an own small
/// referee and compared with the contract's slot after every move.
abstract contract Fixture is Test {
    uint256 internal constant BOND = 0.32 ether;
    uint64 internal constant WINDOW = 3600;
    uint32 internal constant PROPOSER_TIME = 600;
    uint32 internal constant CHALLENGER_TIME = 500;
    uint64 internal constant START = 1_700_000_000;
    address internal constant BURN = 0x000000000000000000000000000000000000dEaD;
    address internal constant PROPOSER = address(0xA11CE);
    address internal constant CHALLENGER = address(0xB0B);
    address internal constant STRANGER = address(0x57A6);

    struct Play {
        Claim claim;
        bytes32 claimId;
        Game game;
        bytes32 gameId;
        Position p;
        uint64 lie; // index of the first false state the proposer asserts; 0: he is honest
        bytes states; // of the last reveal
    }

    StepVerifier internal verifier;
    Dispute internal dispute;
    Model internal model;

    function setUp() public virtual {
        vm.warp(START);
        verifier = StepVerifier(deploy("StepVerifier", ""));
        bytes memory arguments = abi.encode(verifier, BOND, WINDOW, PROPOSER_TIME, CHALLENGER_TIME);
        dispute = Dispute(deploy("Dispute", arguments));
        model = ToyTrace.model(address(verifier));
        vm.deal(PROPOSER, 1000 ether);
        vm.deal(CHALLENGER, 1000 ether);
        vm.deal(STRANGER, 1000 ether);
    }

    /* making */

    function modelId() internal view returns (bytes32) {
        return
            keccak256(
                abi.encodePacked("OPML", uint32(1), model.verifier, model.sizes, model.codeRoot, model.weightsRoot)
            );
    }

    function claimOf(uint8 h, uint64 lie, bytes32 salt) internal view returns (Claim memory) {
        bytes32 outputHash = keccak256(ToyTrace.output(lie == 0 ? 2 : 3));
        return Claim(modelId(), keccak256(ToyTrace.input()), outputHash, h, PROPOSER, PROPOSER, salt);
    }

    function create(Claim memory claim) internal returns (bytes32) {
        vm.prank(claim.source);
        return dispute.create{value: 4 * BOND}(claim);
    }

    /// @dev A bonded claim, not challenged.
    function make(uint8 h, uint64 lie) internal returns (Play memory play) {
        play.claim = claimOf(h, lie, bytes32(uint256(h) << 64 | lie));
        play.claimId = create(play.claim);
        play.lie = lie;
    }

    /// @dev Another game on the claim of a play.
    function join(Play memory play, address challenger, bytes32 salt) internal returns (Play memory other) {
        vm.deal(challenger, challenger.balance + BOND);
        vm.prank(challenger);
        return begun(play, challenger, salt, openAs(play, salt, challenger));
    }

    /// @dev The game that a challenger has just opened, and its position.
    function begun(Play memory play, address challenger, bytes32 salt, bytes32 gameId)
        internal
        view
        returns (Play memory other)
    {
        other.claim = play.claim;
        other.claimId = play.claimId;
        other.lie = play.lie;
        other.game = Game(play.claimId, challenger, salt);
        other.gameId = gameId;
        equal(other.gameId, keccak256(abi.encodePacked(play.claimId, challenger, salt)), "game id");
        uint8 width = 6 * play.claim.h + 24;
        bytes32 hi = ToyTrace.claimed(uint64(1) << width, play.lie);
        uint64 time = uint64(block.timestamp);
        other.p = Position(other.gameId, 0, width, 0, ToyTrace.state(0), hi, 0, time, PROPOSER_TIME, CHALLENGER_TIME, 0);
        agree(other);
    }

    function openAs(Play memory play, bytes32 salt, address challenger) internal returns (bytes32) {
        bytes memory output = ToyTrace.output(play.lie == 0 ? 2 : 3);
        return dispute.open{value: BOND}(play.claim, model, ToyTrace.input(), output, salt, challenger);
    }

    /// @dev A claim with one game on it.
    function start(uint8 h, uint64 lie) internal returns (Play memory) {
        return join(make(h, lie), CHALLENGER, "game");
    }

    /* moving */

    function pack(Position memory p) internal pure returns (bytes memory) {
        bytes memory head = abi.encodePacked(p.gameId, p.loIndex, p.width, p.turn, p.lo, p.hi, p.reveal, p.movedAt);
        return abi.encodePacked(head, p.proposerLeft, p.challengerLeft, p.moves);
    }

    function agree(Play memory play) internal view {
        equal(dispute.gameOf(play.gameId), keccak256(pack(play.p)), "position");
    }

    function statesOf(Play memory play) internal pure returns (bytes memory states) {
        uint64 stride = uint64(1) << (play.p.width - 6);
        for (uint64 i = 1; i < 64; i++) {
            states = abi.encodePacked(states, ToyTrace.claimed(play.p.loIndex + i * stride, play.lie));
        }
    }

    function reveal(Play memory play) internal {
        bytes memory states = statesOf(play);
        vm.prank(PROPOSER);
        dispute.reveal(play.game, pack(play.p), states);
        revealed(play, states);
        agree(play);
    }

    function revealed(Play memory play, bytes memory states) internal view {
        play.states = states;
        play.p.reveal = root(play.p.lo, states);
        play.p.turn = 1;
        play.p.proposerLeft -= uint32(block.timestamp - play.p.movedAt);
        moved(play);
    }

    function moved(Play memory play) internal view {
        play.p.movedAt = uint64(block.timestamp);
        play.p.moves++;
    }

    function pick(Play memory play, uint8 segment) internal {
        (bytes32 lo, bytes32 hi, bytes memory branches) = segmentOf(play, segment);
        vm.prank(play.game.challenger);
        dispute.pick(play.game, pack(play.p), segment, lo, hi, branches);
        picked(play, segment);
        agree(play);
    }

    function picked(Play memory play, uint8 segment) internal view {
        (bytes32 lo, bytes32 hi,) = segmentOf(play, segment);
        play.p.width -= 6;
        play.p.loIndex += uint64(segment) << play.p.width;
        (play.p.lo, play.p.hi, play.p.reveal, play.p.turn) = (lo, hi, 0, 0);
        play.p.challengerLeft -= uint32(block.timestamp - play.p.movedAt);
        moved(play);
    }

    /// @dev The first segment whose end is false, as an honest challenger sees it; 63 when none is.
    function honestSegment(Play memory play) internal pure returns (uint8 segment) {
        uint64 stride = uint64(1) << (play.p.width - 6);
        while (segment < 63 && leaf(play, segment + 1) == ToyTrace.state(play.p.loIndex + (segment + 1) * stride)) {
            segment++;
        }
    }

    /// @dev The segment that leads to a step, whoever is right.
    function segmentTowards(Play memory play, uint64 index) internal pure returns (uint8) {
        return uint8((index - play.p.loIndex) >> (play.p.width - 6));
    }

    /// @dev Rounds until one step is left: the honest pick, or towards an index.
    function narrow(Play memory play, bool honest, uint64 index) internal {
        while (play.p.width > 0) {
            reveal(play);
            pick(play, honest ? honestSegment(play) : segmentTowards(play, index));
        }
    }

    function proof(Play memory play, bytes memory witness) internal pure returns (bytes memory) {
        bytes memory position = pack(play.p);
        bytes memory tail = new bytes(124);
        for (uint256 i = 0; i < 124; i++) {
            tail[i] = position[32 + i];
        }
        return abi.encodePacked(play.claimId, play.game.challenger, play.game.salt, tail, witness);
    }

    /// @dev A stranger proves: the outcome depends on no sender.
    function prove(Play memory play) internal {
        vm.prank(STRANGER);
        dispute.prove(proof(play, ToyTrace.witness(play.p.loIndex)));
    }

    function settle(Play memory play) internal {
        dispute.settle(play.game, pack(play.p));
    }

    /* the reveal tree */

    function leaf(Play memory play, uint256 index) internal pure returns (bytes32 value) {
        if (index == 0) return play.p.lo;
        if (index == 64) return play.p.hi;
        bytes memory states = play.states;
        assembly {
            value := mload(add(states, mul(32, index)))
        }
    }

    function level(bytes32 lo, bytes memory states) internal pure returns (bytes32[] memory nodes) {
        nodes = new bytes32[](64);
        nodes[0] = lo;
        for (uint256 i = 1; i < 64; i++) {
            assembly {
                mstore(add(nodes, mul(32, add(i, 1))), mload(add(states, mul(32, i))))
            }
        }
    }

    function root(bytes32 lo, bytes memory states) internal pure returns (bytes32) {
        bytes32[] memory nodes = level(lo, states);
        for (uint256 n = 64; n > 1; n /= 2) {
            halve(nodes, n);
        }
        return nodes[0];
    }

    function branch(Play memory play, uint256 index) internal pure returns (bytes memory siblings) {
        bytes32[] memory nodes = level(play.p.lo, play.states);
        for (uint256 n = 64; n > 1; n /= 2) {
            siblings = abi.encodePacked(siblings, nodes[index ^ 1]);
            halve(nodes, n);
            index /= 2;
        }
    }

    function halve(bytes32[] memory nodes, uint256 n) private pure {
        for (uint256 i = 0; i < n / 2; i++) {
            nodes[i] = keccak256(abi.encodePacked(nodes[2 * i], nodes[2 * i + 1]));
        }
    }

    function segmentOf(Play memory play, uint8 segment) internal pure returns (bytes32 lo, bytes32 hi, bytes memory) {
        bytes memory branches = branch(play, segment);
        if (segment < 63) branches = abi.encodePacked(branches, branch(play, segment + 1));
        return (leaf(play, segment), leaf(play, segment + 1), branches);
    }

    /* looking */

    function statusOf(Play memory play) internal view returns (Status status) {
        (status,,,,) = dispute.claimOf(play.claimId);
    }
}
