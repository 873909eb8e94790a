// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Game, Status} from "../src/types/Game.sol";
import {Fixture} from "./Fixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev Random players: each call makes one move on one of the games, as legal as the moment allows, or lets time pass.
contract Players is Fixture {
    uint256 private constant CLAIMS = 4;
    Play[] private claims;
    Play[] private games;
    mapping(bytes32 => bool) public settled;
    uint256 public moves;

    function setUp() public override {}

    function begin() external {
        super.setUp();
        for (uint64 i = 0; i < CLAIMS; i++) {
            Play memory play;
            play.claim = claimOf(1, i % 2 == 0 ? 0 : i + 1, bytes32(uint256(i)));
            play.claimId = create(play.claim);
            play.lie = i % 2 == 0 ? 0 : i + 1;
            claims.push(play);
        }
    }

    function join(uint256 claim, uint256 player) external {
        Play memory play = claims[claim % CLAIMS];
        (Status status,, uint64 createdAt,,) = dispute.claimOf(play.claimId);
        if (status != Status.Open || block.timestamp >= createdAt + WINDOW || games.length > 30) return;
        games.push(join(play, address(uint160(0x7000 + player % 3)), bytes32(games.length)));
        moves++;
    }

    function move(uint256 number, uint8 segment, uint256 style) external {
        if (games.length == 0) return;
        Play memory play = games[number % games.length];
        if (dispute.gameOf(play.gameId) != keccak256(pack(play.p)) || statusOf(play) != Status.Open) return;
        bool lost = uint256(dispute.clockOf(pack(play.p))) > 1;
        if (lost) dispute.timeout(play.game, pack(play.p));
        else if (play.p.width == 0) tryProve(play);
        else if (play.p.turn == 0) reveal(play);
        else pick(play, style % 3 == 0 ? segment % 64 : honestSegment(play));
        games[number % games.length] = play;
        moves++;
    }

    /// @dev Where the liar's own false state became the beginning, nobody has a proof: his clock decides.
    function tryProve(Play memory play) private {
        if (play.p.lo == ToyTrace.state(play.p.loIndex)) prove(play);
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + time % 300);
    }

    function pay(uint256 number, uint256 what) external {
        bytes32 claimId = claims[number % CLAIMS].claimId;
        address account = address(uint160(0x7000 + number % 3));
        if (what % 4 == 0) try dispute.release(claimId) {} catch {}
        if (what % 4 == 1) try dispute.collect(claimId) {} catch {}
        if (what % 4 == 2 && dispute.owed(account) != 0) {
            vm.prank(account);
            dispute.withdraw();
        }
        if (what % 4 == 3 && games.length != 0) {
            Play memory play = games[number % games.length];
            try dispute.settle(play.game, pack(play.p)) {
                require(!settled[play.gameId], "settled twice");
                settled[play.gameId] = true;
            } catch {}
        }
    }

    /// @dev Credits of everybody who plays here.
    function owed() public view returns (uint256 sum) {
        sum = dispute.owed(PROPOSER);
        for (uint160 i = 0; i < 3; i++) {
            sum += dispute.owed(address(0x7000 + i));
        }
    }

    /// @dev What the rules say is still bound: counted from the games, not from the contract's own sums.
    function locked() public view returns (uint256 sum) {
        for (uint256 i = 0; i < CLAIMS; i++) {
            sum += lockedBy(claims[i]);
        }
    }

    function lockedBy(Play memory claim) private view returns (uint256 sum) {
        (Status status,,, uint32 openGames, uint32 wonGames) = dispute.claimOf(claim.claimId);
        sum = (uint256(openGames) + wonGames) * BOND;
        if (status == Status.Open) return sum + 4 * BOND;
        if (status == Status.Survived) return sum;
        bool winnerPaid = true;
        uint256 units;
        for (uint256 i = 0; i < games.length; i++) {
            if (games[i].claimId != claim.claimId) continue;
            if (dispute.gameOf(games[i].gameId) == bytes32(uint256(2))) winnerPaid = false;
            else if (settled[games[i].gameId] && !won(games[i])) units += 4 + games[i].p.moves;
        }
        if (!winnerPaid) sum += BOND + 3 * BOND;
        uint256 pool = units > 64 ? 0 : 64 - units;
        // The pool is burnt by the last settlement.
        bool burnt = openGames == 0 && (winnerPaid || anyOther(claim));
        if (!burnt) sum += pool * BOND / 64;
    }

    /// @dev Whether the game is the one that defeated its claim: its claimed state is wrong and it was played to a proof,
    /// or the proposer's clock ran out; kept by the contract only as a mark that settling overwrites.
    function won(Play memory play) private view returns (bool) {
        return winners[play.claimId] == play.gameId;
    }

    function anyOther(Play memory claim) private view returns (bool) {
        for (uint256 i = 0; i < games.length; i++) {
            if (games[i].claimId == claim.claimId && settled[games[i].gameId] && !won(games[i])) return true;
        }
        return false;
    }

    mapping(bytes32 claimId => bytes32 gameId) private winners;

    /// @dev Notes the winning games before they are settled.
    function note() external {
        for (uint256 i = 0; i < games.length; i++) {
            if (dispute.gameOf(games[i].gameId) == bytes32(uint256(2))) winners[games[i].claimId] = games[i].gameId;
        }
    }

    function balance() external view returns (uint256) {
        return address(dispute).balance;
    }
}

/// @dev INV-15: balance == owed + locked, after every move of random sequences.
contract SolvencyTest is Fixture {
    function setUp() public override {}

    /// forge-config: default.fuzz.runs = 40
    function testFuzz_moves_anySequence_staysSolvent(uint256 seed) public {
        Players players = new Players();
        players.begin();
        for (uint256 i = 0; i < 120; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 number = seed >> 32;
            uint256 kind = seed % 16;
            if (kind < 3) players.join(number, seed >> 64);
            else if (kind < 11) players.move(number, uint8(seed >> 72), seed >> 80);
            else if (kind < 12) players.pass(number);
            else players.pay(number, seed >> 64);
            players.note();
            equal(players.balance(), players.owed() + players.locked(), "balance == owed + locked");
        }
        check(players.moves() > 20, "something was played");
    }
}
