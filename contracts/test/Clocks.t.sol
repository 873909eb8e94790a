// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "../src/interfaces/IDispute.sol";
import {Clock, Status} from "../src/types/Game.sol";
import {Fixture} from "./Fixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev Each edge of each clock: the last second in which a move counts, the first in which it does not.
contract ClocksTest is Fixture {
    function test_reveal_lastSecond_succeeds() public {
        Play memory play = start(1, 0);
        vm.warp(START + PROPOSER_TIME - 1);
        reveal(play);
        equal(play.p.proposerLeft, 1, "one second left");
    }

    function test_reveal_clockUsedUp_reverts() public {
        Play memory play = start(1, 0);
        bytes memory states = statesOf(play);
        vm.warp(START + PROPOSER_TIME);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClockUsedUp.selector, Clock.ProposerLost));
        vm.prank(PROPOSER);
        dispute.reveal(play.game, pack(play.p), states);
    }

    function test_pick_lastSecond_succeeds() public {
        Play memory play = start(1, 0);
        reveal(play);
        vm.warp(START + CHALLENGER_TIME - 1);
        pick(play, 3);
        equal(play.p.challengerLeft, 1, "one second left");
        equal(play.p.proposerLeft, PROPOSER_TIME, "the other clock stood");
    }

    function test_pick_clockUsedUp_reverts() public {
        Play memory play = start(1, 0);
        reveal(play);
        (bytes32 lo, bytes32 hi, bytes memory branches) = segmentOf(play, 3);
        vm.warp(START + CHALLENGER_TIME);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClockUsedUp.selector, Clock.ChallengerLost));
        vm.prank(CHALLENGER);
        dispute.pick(play.game, pack(play.p), 3, lo, hi, branches);
    }

    function test_prove_lastSecond_succeeds() public {
        Play memory play = start(1, 0);
        narrow(play, false, 3);
        vm.warp(START + PROPOSER_TIME - 1);
        prove(play);
        check(statusOf(play) == Status.Open, "the claim stands");
    }

    function test_prove_clockUsedUp_reverts() public {
        Play memory play = start(1, 0);
        narrow(play, false, 3);
        vm.warp(START + PROPOSER_TIME);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClockUsedUp.selector, Clock.ProposerLost));
        prove(play);
    }

    function test_timeout_proposerRuns_reverts() public {
        Play memory play = start(1, 0);
        vm.warp(START + PROPOSER_TIME - 1);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClockRuns.selector, Clock.ProposerRuns));
        dispute.timeout(play.game, pack(play.p));
    }

    function test_timeout_proposerLost_defeatsClaim() public {
        Play memory play = start(1, 0);
        vm.warp(START + PROPOSER_TIME);
        dispute.timeout(play.game, pack(play.p));
        check(statusOf(play) == Status.Defeated, "silence loses");
        equal(dispute.gameOf(play.gameId), bytes32(uint256(2)), "won by the challenger");
    }

    function test_timeout_challengerRuns_reverts() public {
        Play memory play = start(1, 0);
        reveal(play);
        vm.warp(START + CHALLENGER_TIME - 1);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClockRuns.selector, Clock.ChallengerRuns));
        dispute.timeout(play.game, pack(play.p));
    }

    function test_timeout_challengerLost_endsGame() public {
        Play memory play = start(1, 0);
        reveal(play);
        vm.warp(START + CHALLENGER_TIME);
        dispute.timeout(play.game, pack(play.p));
        check(statusOf(play) == Status.Open, "the claim stands");
        equal(dispute.gameOf(play.gameId), bytes32(uint256(1)), "lost by the challenger");
    }

    function test_timeout_twice_reverts() public {
        Play memory play = start(1, 0);
        reveal(play);
        vm.warp(START + CHALLENGER_TIME);
        dispute.timeout(play.game, pack(play.p));
        vm.expectRevert(abi.encodeWithSelector(IDispute.StalePosition.selector, play.gameId));
        dispute.timeout(play.game, pack(play.p));
    }

    /// @dev All honest transactions dropped for nearly a whole clock, spread over the game: still in time.
    function test_game_censoredNearlyWholeClock_succeeds() public {
        Play memory play = start(1, 4);
        uint32 pause = (CHALLENGER_TIME - 1) / 5;
        while (play.p.width > 0) {
            reveal(play);
            vm.warp(block.timestamp + pause);
            pick(play, honestSegment(play));
        }
        prove(play);
        check(statusOf(play) == Status.Defeated, "in time");
    }

    /// @dev INV-09: exactly one side runs or has lost, and exactly one of moving and timing out is possible.
    function testFuzz_clockOf_anyTime_isDisjoint(bool challengersTurn, uint32 passed) public {
        Play memory play = start(1, 0);
        if (challengersTurn) reveal(play);
        vm.warp(START + passed);
        Clock clock = dispute.clockOf(pack(play.p));
        bool lost = passed >= (challengersTurn ? CHALLENGER_TIME : PROPOSER_TIME);
        Clock expected = challengersTurn
            ? (lost ? Clock.ChallengerLost : Clock.ChallengerRuns)
            : (lost ? Clock.ProposerLost : Clock.ProposerRuns);
        equal(uint256(clock), uint256(expected), "classified");
        (bool timedOut,) = address(dispute).call(abi.encodeCall(IDispute.timeout, (play.game, pack(play.p))));
        check(timedOut == lost, "a timeout exactly when lost");
    }
}
