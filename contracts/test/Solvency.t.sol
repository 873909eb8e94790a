// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Game, Status} from "../src/types/Game.sol";
import {IReceipts} from "../src/interfaces/IReceipts.sol";
import {Fixture} from "./Fixture.sol";
import {ReceiptsFixture} from "./ReceiptsFixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev Random players: each call makes one move on one of the games, as legal as the moment allows, or lets time pass.
contract Players is ReceiptsFixture {
    uint256 private constant CLAIMS = 6;
    uint256 private constant RECEIPTS = 4; // claims from here on come from receipts
    Play[] private claims;
    Play[] private games;
    mapping(bytes32 => bool) public settled;
    IReceipts.Receipt[] private given;
    uint256 private deposited;
    uint256 private exited;
    uint256 public moves;

    function setUp() public override {}

    function begin() external {
        super.setUp();
        for (uint64 i = 0; i < CLAIMS; i++) {
            Play memory play;
            play.lie = i % 2 == 0 ? 0 : i + 1;
            play.claim = claimOf(1, play.lie, bytes32(uint256(i)));
            if (i < RECEIPTS) {
                play.claimId = create(play.claim);
            } else {
                IReceipts.Receipt memory r = receiptOf(play.lie);
                (r.proposer, r.deadline) = (PROPOSER, START + 1000 * i);
                given.push(r);
                play.claim = receipts.claimFor(r);
                play.claimId = keccak256(abi.encode(play.claim));
                vm.prank(PROPOSER);
                receipts.anchor(receipts.hashOf(r), 1);
            }
            claims.push(play);
        }
    }

    /// @dev One move of the proposer with his escrow.
    function bank(uint256 what) external {
        vm.startPrank(PROPOSER);
        if (what % 4 < 2) {
            receipts.deposit{value: 6 * BOND}();
            deposited += 6 * BOND;
        }
        (uint256 amount, uint64 exitAt) = receipts.escrowOf(PROPOSER);
        if (what % 4 == 2 && amount != 0) receipts.requestExit();
        if (what % 4 == 3) {
            try receipts.exit() {
                require(exitAt != 0 && block.timestamp >= exitAt, "left early");
                exited += amount;
            } catch {}
        }
        vm.stopPrank();
    }

    function doubt(Play memory play, IReceipts.Receipt memory r, address challenger) private returns (bool) {
        IReceipts.Evidence memory e;
        e.root = receipts.hashOf(r);
        bytes memory output = ToyTrace.output(play.lie == 0 ? 2 : 3);
        bytes32 salt = bytes32(games.length);
        vm.deal(challenger, challenger.balance + BOND);
        vm.prank(challenger);
        try receipts.challenge{value: BOND}(r, e, model, ToyTrace.input(), output, salt) returns (bytes32 gameId) {
            games.push(begun(play, challenger, salt, gameId));
            return true;
        } catch {
            return false;
        }
    }

    function join(uint256 claim, uint256 player) external {
        claim %= CLAIMS;
        Play memory play = claims[claim];
        address challenger = address(uint160(0x7000 + player % 3));
        if (claim >= RECEIPTS && games.length <= 30 && doubt(play, given[claim - RECEIPTS], challenger)) {
            moves++;
            return;
        }
        (Status status,, uint64 endsAt,,) = dispute.claimOf(play.claimId);
        if (status != Status.Open || block.timestamp >= endsAt || games.length > 30) return;
        games.push(join(play, challenger, bytes32(games.length)));
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
        vm.warp(block.timestamp + time);
    }

    function pay(uint256 number, uint256 what) external {
        bytes32 claimId = claims[number % CLAIMS].claimId;
        address account = address(uint160(0x7000 + number % 3));
        if (what % 5 == 0) try dispute.release(claimId) {} catch {}
        if (what % 5 == 1) try dispute.collect(claimId) {} catch {}
        if (what % 5 == 2) draw(number % 4 == 3 ? PROPOSER : account);
        if (what % 5 == 4) try receipts.reclaim(given[number % given.length]) {} catch {}
        if (what % 5 == 3 && games.length != 0) {
            Play memory play = games[number % games.length];
            try dispute.settle(play.game, pack(play.p)) {
                require(!settled[play.gameId], "settled twice");
                settled[play.gameId] = true;
            } catch {}
        }
    }

    function draw(address account) private {
        if (dispute.owed(account) == 0) return;
        vm.prank(account);
        dispute.withdraw();
    }

    /// @dev Ends everything that is still open, in the order in which it stands.
    function unwind() external {
        vm.warp(block.timestamp + 10000);
        for (uint256 i = 0; i < games.length; i++) {
            Play memory play = games[i];
            bool runs = dispute.gameOf(play.gameId) == keccak256(pack(play.p));
            if (runs && statusOf(play) == Status.Open) dispute.timeout(play.game, pack(play.p));
        }
        for (uint256 i = 0; i < CLAIMS; i++) {
            try dispute.release(claims[i].claimId) {} catch {}
            try dispute.collect(claims[i].claimId) {} catch {}
        }
        for (uint256 i = 0; i < games.length; i++) {
            try dispute.settle(games[i].game, pack(games[i].p)) {} catch {}
        }
        for (uint256 i = 0; i < given.length; i++) {
            try receipts.reclaim(given[i]) {} catch {}
        }
        draw(PROPOSER);
        for (uint160 i = 0; i < 3; i++) {
            draw(address(0x7000 + i));
        }
        (uint256 amount,) = receipts.escrowOf(PROPOSER);
        if (amount == 0) return;
        vm.startPrank(PROPOSER);
        receipts.requestExit();
        vm.warp(block.timestamp + EXIT_DELAY);
        receipts.exit();
        vm.stopPrank();
    }

    /// @dev What the escrow must hold by the rules: deposits less exits, bonds bound and bonds lost.
    function escrowExpected() external view returns (uint256 sum) {
        sum = deposited - exited;
        for (uint256 i = 0; i < given.length; i++) {
            if (statusOf(claims[RECEIPTS + i]) != Status.None && !receipts.reclaimed(receipts.hashOf(given[i]))) {
                sum -= 4 * BOND;
            }
        }
    }

    /// @dev Bonds on their way back to the escrow.
    function returning() external view returns (uint256 sum) {
        for (uint256 i = 0; i < given.length; i++) {
            bool open = !receipts.reclaimed(receipts.hashOf(given[i]));
            if (open && statusOf(claims[RECEIPTS + i]) == Status.Survived) sum += 4 * BOND;
        }
    }

    function escrow() external view returns (uint256 amount) {
        (amount,) = receipts.escrowOf(PROPOSER);
    }

    /// @dev What the receipts contract has, here and as credit.
    function backing() external view returns (uint256) {
        return address(receipts).balance + dispute.owed(address(receipts));
    }

    /// @dev Credits of everybody who plays here.
    function owed() public view returns (uint256 sum) {
        sum = dispute.owed(PROPOSER) + dispute.owed(address(receipts));
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
        if (status == Status.None) return 0;
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
            uint256 kind = seed % 18;
            if (kind < 4) players.join(number, seed >> 64);
            else if (kind < 11) players.move(number, uint8(seed >> 72), seed >> 80);
            else if (kind < 12) players.pass(number % (i < 60 ? 300 : 2000)); // first games, then ends
            else if (kind < 14) players.bank(number);
            else players.pay(number, seed >> 64);
            players.note();
            equal(players.balance(), players.owed() + players.locked(), "balance == owed + locked");
            equal(players.escrow(), players.escrowExpected(), "escrow == deposits - exits - bound - lost");
            equal(players.backing(), players.escrow() + players.returning(), "every escrow is backed");
        }
        check(players.moves() > 4, "something was played"); // some sequences let time pass early
        players.unwind();
        equal(players.balance(), 0, "nothing is stuck in the dispute contract");
        equal(players.backing(), 0, "nothing is stuck in the receipts contract");
    }
}
