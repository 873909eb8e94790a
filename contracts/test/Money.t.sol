// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "../src/interfaces/IDispute.sol";
import {Claim} from "../src/types/Claim.sol";
import {Game, Status} from "../src/types/Game.sol";
import {Fixture} from "./Fixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev A receiver that refuses, burns its gas, answers with a huge array, or comes back for more.
contract Hostile {
    enum Mode {
        Accept,
        Refuse,
        BurnGas,
        ReturnBomb,
        ReEnter
    }

    IDispute private immutable DISPUTE;
    Mode public mode;
    uint256 public received;

    constructor(IDispute dispute) {
        DISPUTE = dispute;
    }

    function set(Mode mode_) external {
        mode = mode_;
    }

    function withdraw() external {
        DISPUTE.withdraw();
    }

    receive() external payable {
        received += msg.value;
        if (mode == Mode.Refuse) revert("no");
        if (mode == Mode.BurnGas) while (true) {}
        if (mode == Mode.ReturnBomb) {
            assembly {
                return(0, 1000000)
            }
        }
        if (mode == Mode.ReEnter) DISPUTE.withdraw();
    }
}

/// @dev Who gets what, when, and who cannot stop it.
contract MoneyTest is Fixture {
    function test_settle_runningGame_reverts() public {
        Play memory play = start(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NothingToSettle.selector, play.gameId));
        settle(play);
    }

    function test_settle_lostGame_reverts() public {
        Play memory play = start(1, 0);
        narrow(play, false, 2);
        prove(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NothingToSettle.selector, play.gameId));
        settle(play);
    }

    function test_settle_twice_reverts() public {
        Play memory play = start(1, 3);
        narrow(play, true, 0);
        prove(play);
        settle(play);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NothingToSettle.selector, play.gameId));
        settle(play);
    }

    function test_settle_neverOpened_reverts() public {
        Play memory play = start(1, 3);
        narrow(play, true, 0);
        prove(play);
        play.game.salt = "other";
        vm.expectRevert(
            abi.encodeWithSelector(
                IDispute.NothingToSettle.selector,
                keccak256(abi.encodePacked(play.claimId, CHALLENGER, bytes32("other")))
            )
        );
        settle(play);
    }

    /// @dev Nobody raises his stipend by another number of moves.
    function test_settle_otherPosition_reverts() public {
        (Play memory open,) = defeatedWithOpenGame();
        bytes memory position = pack(open.p);
        position[155] = 0x0a;
        vm.expectRevert(abi.encodeWithSelector(IDispute.StalePosition.selector, open.gameId));
        dispute.settle(open.game, position);
    }

    /// @dev A game of a defeated claim is over, whoever is to move.
    function test_timeout_defeatedClaim_reverts() public {
        (Play memory open,) = defeatedWithOpenGame();
        vm.warp(START + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClaimNotOpen.selector, open.claimId, Status.Defeated));
        dispute.timeout(open.game, pack(open.p));
    }

    function defeatedWithOpenGame() private returns (Play memory open, Play memory won) {
        Play memory play = make(1, 3);
        open = join(play, STRANGER, "open");
        reveal(open);
        pick(open, 0);
        won = join(play, CHALLENGER, "won");
        narrow(won, true, 0);
        prove(won);
    }

    function test_settle_stipend_byMoves() public {
        (Play memory open, Play memory won) = defeatedWithOpenGame();
        settle(open);
        equal(dispute.owed(STRANGER), BOND + 6 * BOND / 64, "four units for opening, one for each of two moves");
        settle(won);
        equal(dispute.owed(CHALLENGER), 3 * BOND, "the winner's share");
        equal(BURN.balance, 2 * BOND - 6 * BOND / 64, "what is left is burnt");
    }

    function test_settle_manyStipends_stopAtPool() public {
        Play memory play = make(1, 1);
        Play[] memory plays = new Play[](40);
        for (uint256 i = 0; i < 40; i++) {
            plays[i] = join(play, STRANGER, bytes32(i));
        }
        Play memory won = join(play, CHALLENGER, "won");
        narrow(won, true, 0);
        prove(won);
        for (uint256 i = 0; i < 40; i++) {
            settle(plays[i]);
        }
        equal(dispute.owed(STRANGER), 41 * BOND, "40 bonds and a quarter of the claim's, not more");
    }

    /// @dev BURN gets code that refuses, which no chain would give it: a burn that fails is not taken as done, and where
    /// nothing is to be burnt nobody is called.
    function test_settle_failingBurn_reverts() public {
        Play memory play = make(1, 3);
        Play memory first = join(play, STRANGER, "first");
        Play memory last = join(play, STRANGER, "last");
        Play memory won = join(play, CHALLENGER, "won");
        narrow(won, true, 0);
        prove(won);
        vm.etch(BURN, hex"5f5ffd");
        settle(first);
        vm.expectRevert(abi.encodeWithSelector(IDispute.PaymentRefused.selector, BURN));
        dispute.settle(won.game, pack(won.p));
        vm.expectRevert(abi.encodeWithSelector(IDispute.PaymentRefused.selector, BURN));
        dispute.settle(last.game, pack(last.p)); // and the rest of the pool
    }

    function test_collect_nothing_reverts() public {
        Play memory play = start(1, 0);
        vm.expectRevert(IDispute.NothingDue.selector);
        dispute.collect(play.claimId);
    }

    function test_collect_beforeTheEnd_succeeds() public {
        Play memory play = start(1, 0);
        narrow(play, false, 2);
        prove(play);
        dispute.collect(play.claimId);
        equal(dispute.owed(PROPOSER), BOND * 4 / 5, "four fifths");
        equal(BURN.balance, BOND / 5, "one fifth");
        vm.expectRevert(IDispute.NothingDue.selector);
        dispute.collect(play.claimId);
    }

    function test_release_windowOpen_reverts() public {
        Play memory play = make(1, 0);
        vm.warp(START + WINDOW - 1);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WindowOpen.selector, START + WINDOW));
        dispute.release(play.claimId);
        vm.warp(START + WINDOW);
        dispute.release(play.claimId);
        check(statusOf(play) == Status.Survived, "survived");
    }

    function test_release_gamesOpen_reverts() public {
        Play memory play = start(1, 0);
        vm.warp(START + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IDispute.GamesOpen.selector, 1));
        dispute.release(play.claimId);
    }

    function test_release_twice_reverts() public {
        Play memory play = make(1, 0);
        vm.warp(START + WINDOW);
        dispute.release(play.claimId);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClaimNotOpen.selector, play.claimId, Status.Survived));
        dispute.release(play.claimId);
    }

    function test_release_defeated_reverts() public {
        (, Play memory won) = defeatedWithOpenGame();
        vm.warp(START + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClaimNotOpen.selector, won.claimId, Status.Defeated));
        dispute.release(won.claimId);
    }

    function test_withdraw_nothing_reverts() public {
        vm.expectRevert(IDispute.NothingDue.selector);
        dispute.withdraw();
    }

    function test_withdraw_once_succeeds() public {
        Play memory play = make(1, 0);
        vm.warp(START + WINDOW);
        dispute.release(play.claimId);
        uint256 before = PROPOSER.balance;
        vm.prank(PROPOSER);
        dispute.withdraw();
        equal(PROPOSER.balance - before, 4 * BOND, "the bond");
        vm.expectRevert(IDispute.NothingDue.selector);
        vm.prank(PROPOSER);
        dispute.withdraw();
    }

    /// @dev Whatever a receiver does, only its own withdrawal fails: games, claims and others are not concerned.
    function test_withdraw_hostileReceiver_harmsOnlyItself() public {
        Hostile hostile = new Hostile(dispute);
        Play memory play = make(1, 3);
        Play memory game = join(play, address(hostile), "hostile");
        narrow(game, true, 0);
        prove(game);
        settle(game);
        Play memory other = make(1, 0);
        vm.warp(START + WINDOW);
        dispute.release(other.claimId);
        Hostile.Mode[4] memory modes =
            [Hostile.Mode.Refuse, Hostile.Mode.BurnGas, Hostile.Mode.ReEnter, Hostile.Mode.Refuse];
        for (uint256 i = 0; i < 4; i++) {
            hostile.set(modes[i]);
            (bool taken,) = address(hostile).call{gas: 300_000}(abi.encodeCall(Hostile.withdraw, ()));
            check(!taken, "refused");
            equal(dispute.owed(address(hostile)), 3 * BOND, "its credit stays");
        }
        vm.prank(PROPOSER);
        dispute.withdraw();
        hostile.set(Hostile.Mode.ReturnBomb);
        hostile.withdraw();
        equal(hostile.received(), 3 * BOND, "paid once");
        equal(address(dispute).balance, 0, "all is paid");
    }
}
