// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "../src/interfaces/IDispute.sol";
import {Game, Status} from "../src/types/Game.sol";
import {Fixture} from "./Fixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev Whole games about a real program, from opening to payment.
contract GamesTest is Fixture {
    /// @dev Every place where a liar can begin to lie in the program, and some after its end.
    function test_game_everyLie_losesToHonestChallenger() public {
        uint64[9] memory lies = [uint64(1), 2, 3, 4, 5, 6, 7, 1 << 24, 1 << 30];
        for (uint256 i = 0; i < lies.length; i++) {
            Play memory play = start(1, lies[i]);
            narrow(play, true, 0);
            equal(play.p.loIndex, lies[i] - 1, "the lie is found");
            prove(play);
            check(statusOf(play) == Status.Defeated, "defeated");
            uint256 before = dispute.owed(CHALLENGER);
            settle(play);
            equal(dispute.owed(CHALLENGER) - before, 3 * BOND, "bond and half of the claim's");
        }
        equal(dispute.owed(PROPOSER), 0, "the liar gets nothing");
        equal(BURN.balance, lies.length * 2 * BOND, "the rest is burnt");
        equal(address(dispute).balance, dispute.owed(CHALLENGER), "solvent");
    }

    /// @dev Every step of the program, and steps of the end, against an honest proposer.
    function test_game_everyFalseChallenge_loses() public {
        Play memory play = make(1, 0);
        uint64[9] memory steps = [uint64(0), 1, 2, 3, 4, 5, 6, 1 << 24, (1 << 30) - 1];
        for (uint256 i = 0; i < steps.length; i++) {
            Play memory game = join(play, CHALLENGER, bytes32(i));
            narrow(game, false, steps[i]);
            prove(game);
            equal(dispute.gameOf(game.gameId), bytes32(uint256(1)), "lost by the challenger");
        }
        vm.warp(START + WINDOW);
        dispute.release(play.claimId);
        check(statusOf(play) == Status.Survived, "survived");
        equal(dispute.owed(PROPOSER), 4 * BOND + steps.length * BOND * 4 / 5, "bond and four fifths of each challenge");
        equal(BURN.balance, steps.length * BOND / 5, "a fifth is burnt");
        equal(address(dispute).balance, dispute.owed(PROPOSER), "solvent");
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_game_anyLie_losesToHonestChallenger(uint64 lie, uint8 h) public {
        h = h % 4 + 1;
        lie = lie % (uint64(1) << (6 * h + 24)) + 1;
        Play memory play = start(h, lie);
        narrow(play, true, 0);
        equal(play.p.moves, 2 * (h + 4), "h + 4 rounds");
        prove(play);
        check(statusOf(play) == Status.Defeated, "defeated");
    }

    function test_game_silentLiar_losesByPickAndProve() public {
        Play memory play = start(1, 3);
        while (play.p.width > 6) {
            reveal(play);
            pick(play, honestSegment(play));
        }
        reveal(play);
        uint8 segment = honestSegment(play);
        (bytes32 lo, bytes32 hi, bytes memory branches) = segmentOf(play, segment);
        vm.prank(CHALLENGER);
        dispute.pickAndProve(play.game, pack(play.p), segment, lo, hi, branches, ToyTrace.witness(2));
        check(statusOf(play) == Status.Defeated, "defeated");
    }

    /// @dev One honest proposer against many challengers on one path: one reveal answers them all.
    function test_revealMany_sybils_costOneReveal() public {
        uint256 count = 16;
        Play[] memory plays = new Play[](count);
        Play memory play = make(1, 0);
        Game[] memory games = new Game[](count);
        for (uint256 i = 0; i < count; i++) {
            plays[i] = join(play, address(uint160(0x5000 + i)), "sybil");
            games[i] = plays[i].game;
        }
        while (plays[0].p.width > 0) {
            bytes[] memory positions = new bytes[](count);
            for (uint256 i = 0; i < count; i++) {
                positions[i] = pack(plays[i].p);
            }
            bytes memory states = statesOf(plays[0]);
            vm.prank(PROPOSER);
            dispute.revealMany(games, positions, states);
            for (uint256 i = 0; i < count; i++) {
                revealed(plays[i], states);
                agree(plays[i]);
                pick(plays[i], segmentTowards(plays[i], 3));
            }
        }
        for (uint256 i = 0; i < count; i++) {
            prove(plays[i]);
        }
        vm.warp(START + WINDOW);
        dispute.release(play.claimId);
        equal(dispute.owed(PROPOSER), 4 * BOND + count * BOND * 4 / 5, "every sybil paid");
        equal(address(dispute).balance, dispute.owed(PROPOSER), "solvent");
    }

    /// @dev Many challengers of a lie: the first proof ends the claim, all others are repaid, whatever the order.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_settle_manyChallengers_allRepaid(uint8 others, uint256 order) public {
        uint256 count = uint256(others) % 12 + 1;
        Play memory play = start(1, 4);
        Play[] memory plays = new Play[](count);
        for (uint256 i = 0; i < count; i++) {
            plays[i] = join(play, address(uint160(0x5000 + i)), "other");
            if (i % 3 == 0) reveal(plays[i]);
        }
        narrow(play, true, 0);
        prove(play);
        uint256 paid;
        for (uint256 i = 0; i <= count; i++) {
            uint256 turn = (i + order % (count + 1)) % (count + 1);
            Play memory next = turn == count ? play : plays[turn];
            settle(next);
            uint256 amount = dispute.owed(next.game.challenger);
            check(amount >= BOND, "the bond comes back");
            paid += amount;
        }
        check(paid <= count * BOND + 4 * BOND, "at most half and a quarter of the claim's bond");
        check(BURN.balance >= BOND, "at least a quarter is burnt");
        equal(address(dispute).balance, paid, "solvent");
        equal(paid + BURN.balance, (count + 5) * BOND, "nothing is lost or made");
    }

    /// @dev The slowest legal adversary: opens in the last second, both use their whole clocks.
    function test_game_slowestAdversary_endsInLongest() public {
        Play memory play = make(4, 0);
        vm.warp(START + WINDOW - 1);
        Play memory game = join(play, CHALLENGER, "slow");
        vm.warp(block.timestamp + PROPOSER_TIME - 1);
        reveal(game);
        vm.warp(block.timestamp + CHALLENGER_TIME - 1);
        pick(game, 5);
        reveal(game);
        vm.warp(block.timestamp + 1);
        dispute.timeout(game.game, pack(game.p));
        dispute.release(play.claimId);
        check(block.timestamp <= START + dispute.LONGEST(), "T_max");
        equal(block.timestamp, START + dispute.LONGEST() - 2, "and it can be reached");
    }

    /// @dev A game lost by its player does not save the lie: another challenger's game goes on.
    function test_game_sockPuppet_cannotSaveLie() public {
        Play memory play = make(1, 2);
        Play memory puppet = join(play, STRANGER, "puppet");
        Play memory honest = join(play, CHALLENGER, "honest");
        reveal(puppet);
        vm.warp(block.timestamp + CHALLENGER_TIME);
        dispute.timeout(puppet.game, pack(puppet.p));
        check(statusOf(play) == Status.Open, "the claim is still open");
        narrow(honest, true, 0);
        prove(honest);
        check(statusOf(play) == Status.Defeated, "defeated by the honest game");
    }
}
