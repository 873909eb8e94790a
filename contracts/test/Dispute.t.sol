// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "../src/interfaces/IDispute.sol";
import {IStepVerifier} from "../src/interfaces/IStepVerifier.sol";
import {Claim} from "../src/types/Claim.sol";
import {Clock, Game, Status} from "../src/types/Game.sol";
import {Fixture} from "./Fixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev Each reason for which the dispute contract refuses a call.
contract DisputeTest is Fixture {
    /* create */

    function test_create_notSource_reverts() public {
        Claim memory claim = claimOf(1, 0, 0);
        vm.deal(address(this), 4 * BOND);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NotSource.selector, PROPOSER));
        dispute.create{value: 4 * BOND}(claim);
    }

    function test_create_wrongPayment_reverts() public {
        Claim memory claim = claimOf(1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongPayment.selector, 4 * BOND, 4 * BOND - 1));
        vm.prank(PROPOSER);
        dispute.create{value: 4 * BOND - 1}(claim);
    }

    function test_create_noProposer_reverts() public {
        Claim memory claim = claimOf(1, 0, 0);
        claim.proposer = address(0);
        vm.expectRevert(IDispute.NoProposer.selector);
        create(claim);
    }

    function test_create_wrongExponent_reverts() public {
        Claim memory claim = claimOf(0, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongExponent.selector, 0));
        create(claim);
        claim = claimOf(5, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongExponent.selector, 5));
        create(claim);
    }

    function test_create_twice_reverts() public {
        Play memory play = make(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClaimExists.selector, play.claimId));
        create(play.claim);
    }

    function test_create_anySource_succeeds() public {
        Claim memory claim = claimOf(1, 0, 0);
        claim.source = STRANGER;
        bytes32 claimId = create(claim);
        (Status status, address proposer, uint64 endsAt, uint32 openGames, uint32 wonGames) = dispute.claimOf(claimId);
        check(status == Status.Open && proposer == PROPOSER, "bonded by another, for the proposer");
        equal(endsAt, START + WINDOW, "open for a window");
        equal(openGames + wonGames, 0, "no games");
    }

    /* open */

    function test_open_wrongPayment_reverts() public {
        Play memory play = make(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongPayment.selector, BOND, 0));
        dispute.open(play.claim, model, "", "", 0, CHALLENGER);
    }

    function test_open_noChallenger_reverts() public {
        Play memory play = make(1, 0);
        vm.expectRevert(IDispute.NoChallenger.selector);
        vm.prank(STRANGER);
        openAs(play, 0, address(0));
    }

    function test_open_unknownClaim_reverts() public {
        Play memory play;
        play.claim = claimOf(1, 0, "unknown");
        bytes32 claimId = keccak256(abi.encode(play.claim));
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClaimNotOpen.selector, claimId, Status.None));
        vm.prank(STRANGER);
        openAs(play, 0, STRANGER);
    }

    function test_open_defeatedClaim_reverts() public {
        Play memory play = defeated();
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClaimNotOpen.selector, play.claimId, Status.Defeated));
        vm.prank(STRANGER);
        openAs(play, 0, STRANGER);
    }

    function test_open_windowEdge_reverts() public {
        Play memory play = make(1, 0);
        vm.warp(START + WINDOW - 1);
        join(play, STRANGER, "last second");
        vm.warp(START + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WindowClosed.selector, play.claimId));
        vm.prank(STRANGER);
        openAs(play, "too late", STRANGER);
    }

    function test_open_otherModel_reverts() public {
        Play memory play = make(1, 0);
        model.weightsRoot = 0;
        vm.expectRevert(abi.encodeWithSelector(IDispute.ModelMismatch.selector, play.claim.modelId));
        vm.prank(STRANGER);
        openAs(play, 0, STRANGER);
    }

    function test_open_otherVerifier_reverts() public {
        model.verifier = address(dispute);
        Play memory play = make(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongVerifier.selector, address(dispute)));
        vm.prank(STRANGER);
        openAs(play, 0, STRANGER);
    }

    function test_open_otherInput_reverts() public {
        Play memory play = make(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.InputMismatch.selector, play.claim.inputHash));
        vm.prank(STRANGER);
        dispute.open{value: BOND}(play.claim, model, "", ToyTrace.output(2), 0, STRANGER);
    }

    function test_open_otherOutput_reverts() public {
        Play memory play = make(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.OutputMismatch.selector, play.claim.outputHash));
        vm.prank(STRANGER);
        dispute.open{value: BOND}(play.claim, model, ToyTrace.input(), "", 0, STRANGER);
    }

    function test_open_twice_reverts() public {
        Play memory play = start(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.GameExists.selector, play.gameId));
        vm.prank(STRANGER);
        openAs(play, "game", CHALLENGER);
    }

    function test_open_endedGame_reverts() public {
        Play memory play = start(1, 0);
        narrow(play, false, 0);
        prove(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.GameExists.selector, play.gameId));
        vm.prank(CHALLENGER);
        openAs(play, "game", CHALLENGER);
    }

    /// @dev Bytes that are no request or no answer: the claim can't be true, so opening defeats it.
    function test_open_malformedBytes_defeats() public {
        bytes[6] memory inputs;
        bytes[6] memory outputs;
        for (uint256 i = 0; i < 6; i++) {
            (inputs[i], outputs[i]) = (ToyTrace.input(), ToyTrace.output(2));
        }
        inputs[0] = new bytes(31);
        inputs[1] = abi.encodePacked(ToyTrace.input(), uint8(7)); // a byte behind the body
        inputs[2] = abi.encodePacked(new bytes(20), uint8(1), new bytes(12)); // well formed, beyond the region
        outputs[3] = new bytes(15);
        outputs[4] = abi.encodePacked(ToyTrace.output(2), uint8(0)); // the same region, other bytes
        outputs[5] = abi.encodePacked(new bytes(12), uint8(17), new bytes(20)); // well formed, beyond the region
        for (uint256 i = 0; i < 6; i++) {
            Play memory play;
            play.claim = claimOf(1, 0, bytes32(i));
            (play.claim.inputHash, play.claim.outputHash) = (keccak256(inputs[i]), keccak256(outputs[i]));
            play.claimId = create(play.claim);
            play.game = Game(play.claimId, STRANGER, 0);
            vm.prank(STRANGER);
            play.gameId = dispute.open{value: BOND}(play.claim, model, inputs[i], outputs[i], 0, STRANGER);
            check(statusOf(play) == Status.Defeated, "defeated");
            dispute.settle(play.game, "");
        }
        equal(dispute.owed(STRANGER), 6 * 3 * BOND, "paid");
        equal(BURN.balance, 6 * 2 * BOND, "the rest is burnt");
    }

    /* reveal */

    function test_reveal_positionLength_reverts() public {
        Play memory play = start(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.PositionLength.selector, 155));
        dispute.reveal(play.game, new bytes(155), new bytes(2016));
    }

    function test_reveal_everyChangedByte_reverts() public {
        Play memory play = start(1, 0);
        bytes memory states = statesOf(play);
        for (uint256 i = 0; i < 156; i++) {
            bytes memory position = pack(play.p);
            position[i] ^= 0x01;
            vm.expectRevert(abi.encodeWithSelector(IDispute.StalePosition.selector, play.gameId));
            vm.prank(PROPOSER);
            dispute.reveal(play.game, position, states);
        }
    }

    function test_reveal_answeredPosition_reverts() public {
        Play memory play = start(1, 0);
        bytes memory old = pack(play.p);
        bytes memory states = statesOf(play);
        reveal(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.StalePosition.selector, play.gameId));
        vm.prank(PROPOSER);
        dispute.reveal(play.game, old, states);
    }

    function test_reveal_defeatedClaim_reverts() public {
        Play memory play = make(1, 3);
        Play memory left = join(play, STRANGER, "left");
        Play memory won = join(play, CHALLENGER, "won");
        narrow(won, true, 0);
        prove(won);
        bytes memory states = statesOf(left);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClaimNotOpen.selector, play.claimId, Status.Defeated));
        vm.prank(PROPOSER);
        dispute.reveal(left.game, pack(left.p), states);
    }

    function test_reveal_challengersTurn_reverts() public {
        Play memory play = start(1, 0);
        bytes memory states = statesOf(play);
        reveal(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NotYourTurn.selector, 1));
        vm.prank(PROPOSER);
        dispute.reveal(play.game, pack(play.p), states);
    }

    function test_reveal_oneStepLeft_reverts() public {
        Play memory play = start(1, 0);
        narrow(play, false, 3);
        vm.expectRevert(IDispute.OneStepLeft.selector);
        vm.prank(PROPOSER);
        dispute.reveal(play.game, pack(play.p), new bytes(2016));
    }

    function test_reveal_stranger_reverts() public {
        Play memory play = start(1, 0);
        bytes memory states = statesOf(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NotAuthorized.selector, PROPOSER));
        vm.prank(CHALLENGER);
        dispute.reveal(play.game, pack(play.p), states);
    }

    function test_reveal_delegate_succeedsUntilDismissed() public {
        Play memory play = start(1, 0);
        bytes memory states = statesOf(play);
        vm.prank(PROPOSER);
        dispute.setDelegate(STRANGER, true);
        vm.prank(STRANGER);
        dispute.reveal(play.game, pack(play.p), states);
        revealed(play, states);
        agree(play);
        pick(play, 0);
        vm.prank(PROPOSER);
        dispute.setDelegate(STRANGER, false);
        states = statesOf(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NotAuthorized.selector, PROPOSER));
        vm.prank(STRANGER);
        dispute.reveal(play.game, pack(play.p), states);
    }

    function test_reveal_length_reverts() public {
        Play memory play = start(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.RevealLength.selector, 2015));
        vm.prank(PROPOSER);
        dispute.reveal(play.game, pack(play.p), new bytes(2015));
    }

    /* revealMany */

    function test_revealMany_listLength_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IDispute.ListLength.selector, 0, 0));
        dispute.revealMany(new Game[](0), new bytes[](0), new bytes(2016));
        vm.expectRevert(abi.encodeWithSelector(IDispute.ListLength.selector, 1, 2));
        dispute.revealMany(new Game[](1), new bytes[](2), new bytes(2016));
    }

    function test_revealMany_length_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IDispute.RevealLength.selector, 2017));
        dispute.revealMany(new Game[](1), new bytes[](1), new bytes(2017));
    }

    function test_revealMany_otherPosition_reverts() public {
        Play memory play = make(1, 0);
        (Game[] memory games, bytes[] memory positions,) = pair(play);
        Play memory other = join(play, STRANGER, "other");
        reveal(other);
        pick(other, 1);
        (games[1], positions[1]) = (other.game, pack(other.p));
        vm.expectRevert(abi.encodeWithSelector(IDispute.DifferentPosition.selector, 1));
        vm.prank(PROPOSER);
        dispute.revealMany(games, positions, new bytes(2016));
    }

    /// @dev Index, width and first state must all be the same, not one of them.
    function test_revealMany_oneFieldDiffers_reverts() public {
        Play memory play = make(1, 0);
        (Game[] memory games, bytes[] memory positions,) = pair(play);
        uint8[3] memory fields = [39, 40, 73]; // last bytes of loIndex, width and lo
        for (uint256 i = 0; i < 3; i++) {
            positions[1][fields[i]] ^= 0x01;
            vm.expectRevert(abi.encodeWithSelector(IDispute.DifferentPosition.selector, 1));
            vm.prank(PROPOSER);
            dispute.revealMany(games, positions, new bytes(2016));
            positions[1][fields[i]] ^= 0x01;
        }
    }

    /// @dev A game that was answered or ended meanwhile does not keep the others from being answered.
    function test_revealMany_staleGame_isPassedOver() public {
        Play memory play = make(1, 0);
        (Game[] memory games, bytes[] memory positions, Play memory second) = pair(play);
        bytes memory states = statesOf(second);
        bytes memory before = positions[0];
        vm.prank(PROPOSER);
        dispute.reveal(games[0], before, states);
        bytes32 answered = dispute.gameOf(keccak256(abi.encodePacked(play.claimId, CHALLENGER, bytes32("a"))));
        vm.prank(PROPOSER);
        dispute.revealMany(games, positions, states);
        revealed(second, states);
        agree(second);
        equal(
            dispute.gameOf(keccak256(abi.encodePacked(play.claimId, CHALLENGER, bytes32("a")))), answered, "untouched"
        );
    }

    /// @dev No way back: a proposer can't take a reveal back, nor undo the pick that follows it.
    function test_revealMany_answeredPosition_changesNothing() public {
        Play memory play = start(1, 0);
        bytes memory old = pack(play.p);
        reveal(play);
        revealOther(play, old);
        agree(play);
        pick(play, 3);
        revealOther(play, old);
        agree(play);
    }

    function test_revealMany_challengersTurn_changesNothing() public {
        Play memory play = start(1, 0);
        reveal(play);
        revealOther(play, pack(play.p));
        agree(play);
    }

    /// @dev A liar who could reveal once more at the last step would never be proven wrong.
    function test_revealMany_oneStepLeft_changesNothing() public {
        Play memory play = start(1, 3);
        narrow(play, true, 0);
        revealOther(play, pack(play.p));
        agree(play);
    }

    function test_revealMany_endedGame_staysEnded() public {
        Play memory play = start(1, 0);
        bytes memory old = pack(play.p);
        reveal(play);
        vm.warp(START + CHALLENGER_TIME);
        dispute.timeout(play.game, pack(play.p));
        revealOther(play, old);
        equal(dispute.gameOf(play.gameId), bytes32(uint256(1)), "lost by the challenger");
    }

    function test_revealMany_defeatedClaim_changesNothing() public {
        Play memory play = make(1, 3);
        Play memory left = join(play, STRANGER, "left");
        Play memory won = join(play, CHALLENGER, "won");
        narrow(won, true, 0);
        prove(won);
        revealOther(left, pack(left.p));
        agree(left);
    }

    /// @dev The proposer reveals other states at a position, in a list.
    function revealOther(Play memory play, bytes memory position) private {
        Game[] memory games = new Game[](1);
        bytes[] memory positions = new bytes[](1);
        (games[0], positions[0]) = (play.game, position);
        vm.prank(PROPOSER);
        dispute.revealMany(games, positions, new bytes(2016));
    }

    function test_revealMany_stranger_changesNothing() public {
        Play memory play = make(1, 0);
        (Game[] memory games, bytes[] memory positions, Play memory second) = pair(play);
        vm.prank(STRANGER);
        dispute.revealMany(games, positions, statesOf(second));
        agree(second);
    }

    function test_revealMany_lateGame_isPassedOver() public {
        Play memory play = make(1, 0);
        Play memory late = join(play, CHALLENGER, "late");
        vm.warp(START + PROPOSER_TIME);
        Play memory fresh = join(play, CHALLENGER, "fresh");
        Game[] memory games = new Game[](2);
        bytes[] memory positions = new bytes[](2);
        (games[0], positions[0]) = (late.game, pack(late.p));
        (games[1], positions[1]) = (fresh.game, pack(fresh.p));
        bytes memory states = statesOf(fresh);
        vm.prank(PROPOSER);
        dispute.revealMany(games, positions, states);
        agree(late);
        revealed(fresh, states);
        agree(fresh);
    }

    /* pick */

    function test_pick_proposersTurn_reverts() public {
        Play memory play = start(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NotYourTurn.selector, 0));
        vm.prank(CHALLENGER);
        dispute.pick(play.game, pack(play.p), 0, 0, 0, new bytes(384));
    }

    function test_pick_stranger_reverts() public {
        Play memory play = start(1, 0);
        reveal(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NotAuthorized.selector, CHALLENGER));
        vm.prank(PROPOSER);
        dispute.pick(play.game, pack(play.p), 0, 0, 0, new bytes(384));
    }

    function test_pick_delegate_succeeds() public {
        Play memory play = start(1, 0);
        reveal(play);
        vm.prank(CHALLENGER);
        dispute.setDelegate(STRANGER, true);
        (bytes32 lo, bytes32 hi, bytes memory branches) = segmentOf(play, 7);
        vm.prank(STRANGER);
        dispute.pick(play.game, pack(play.p), 7, lo, hi, branches);
        picked(play, 7);
        agree(play);
    }

    function test_pick_segment64_reverts() public {
        Play memory play = start(1, 0);
        reveal(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongSegment.selector, 64));
        vm.prank(CHALLENGER);
        dispute.pick(play.game, pack(play.p), 64, 0, 0, new bytes(384));
    }

    function test_pick_wrongBranch_reverts() public {
        Play memory play = start(1, 0);
        reveal(play);
        uint8[3] memory segments = [uint8(0), 31, 63];
        for (uint256 i = 0; i < 3; i++) {
            uint8 j = segments[i];
            (bytes32 lo, bytes32 hi, bytes memory branches) = segmentOf(play, j);
            refuse(play, j, lo ^ bytes32(uint256(1)), hi, branches, j);
            refuse(play, j, lo, hi ^ bytes32(uint256(1)), branches, j + 1);
            refuse(play, j, lo, hi, abi.encodePacked(branches, uint8(0)), j);
            refuse(play, j, lo, hi, new bytes(0), j);
            branches[0] ^= 0x80;
            refuse(play, j, lo, hi, branches, j);
            branches[0] ^= 0x80;
            branches[branches.length - 1] ^= 0x01;
            refuse(play, j, lo, hi, branches, j == 63 ? 63 : j + 1);
        }
    }

    /* prove */

    function test_prove_shortProof_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IDispute.ProofLength.selector, 207));
        dispute.prove(new bytes(207));
    }

    function test_prove_otherPosition_reverts() public {
        Play memory play = start(1, 0);
        narrow(play, false, 3);
        bytes memory data = proof(play, ToyTrace.witness(3));
        data[84] ^= 0x01;
        vm.expectRevert(abi.encodeWithSelector(IDispute.StalePosition.selector, play.gameId));
        dispute.prove(data);
    }

    function test_prove_manyStepsLeft_reverts() public {
        Play memory play = start(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NotOneStep.selector, 30));
        dispute.prove(proof(play, ToyTrace.witness(0)));
    }

    function test_pickAndProve_manyStepsLeft_reverts() public {
        Play memory play = start(1, 0);
        reveal(play);
        (bytes32 lo, bytes32 hi, bytes memory branches) = segmentOf(play, 1);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NotOneStep.selector, 24));
        vm.prank(CHALLENGER);
        dispute.pickAndProve(play.game, pack(play.p), 1, lo, hi, branches, ToyTrace.witness(0));
    }

    function test_prove_otherStep_reverts() public {
        Play memory play = start(1, 0);
        narrow(play, false, 3);
        bytes4 selector = IDispute.WrongPrestate.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, ToyTrace.state(3), ToyTrace.state(2)));
        dispute.prove(proof(play, ToyTrace.witness(2)));
    }

    function test_prove_brokenWitness_reverts() public {
        Play memory play = start(1, 0);
        narrow(play, false, 3);
        bytes memory data = proof(play, abi.encodePacked(ToyTrace.witness(3), uint8(0)));
        vm.expectPartialRevert(IStepVerifier.WitnessLength.selector);
        dispute.prove(data);
    }

    function test_prove_endedGame_reverts() public {
        Play memory play = start(1, 0);
        narrow(play, false, 3);
        prove(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.StalePosition.selector, play.gameId));
        prove(play);
    }

    /// @dev A YIELD state resumes at every multiple of 2^24 and nowhere else: the index in the position says which.
    function test_prove_yield_resumesAtMultiplesOnly() public {
        uint64[7] memory indices = [uint64(1), 1 << 23, (1 << 24) - 1, 1 << 24, (1 << 24) + 1, 3 << 24, 3 << 23];
        for (uint256 i = 0; i < 7; i++) {
            Play memory play = start(1, uint64(i));
            bool resumes = indices[i] % (1 << 24) == 0;
            (play.p.loIndex, play.p.width, play.p.lo) = (indices[i], 0, ToyTrace.state(0));
            play.p.hi = ToyTrace.state(resumes ? 1 : 0);
            vm.store(address(dispute), keccak256(abi.encode(play.gameId, 1)), keccak256(pack(play.p)));
            dispute.prove(proof(play, resumes ? ToyTrace.witness(0) : ToyTrace.preimage(0)));
            equal(dispute.gameOf(play.gameId), bytes32(uint256(1)), "the proposer is right");
        }
    }

    /* helpers */

    function defeated() private returns (Play memory play) {
        play = start(1, 3);
        narrow(play, true, 0);
        prove(play);
    }

    function pair(Play memory play)
        private
        returns (Game[] memory games, bytes[] memory positions, Play memory second)
    {
        Play memory first = join(play, CHALLENGER, "a");
        second = join(play, CHALLENGER, "b");
        games = new Game[](2);
        positions = new bytes[](2);
        (games[0], positions[0]) = (first.game, pack(first.p));
        (games[1], positions[1]) = (second.game, pack(second.p));
    }

    function refuse(Play memory play, uint8 segment, bytes32 lo, bytes32 hi, bytes memory branches, uint256 place)
        private
    {
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongBranch.selector, place));
        vm.prank(CHALLENGER);
        dispute.pick(play.game, pack(play.p), segment, lo, hi, branches);
    }
}
