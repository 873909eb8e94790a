// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Names one game. The game id is `keccak256(abi.encodePacked(claimId, challenger, salt))` (protocol section 9).
struct Game {
    bytes32 claimId;
    address challenger;
    bytes32 salt;
}

/// @notice What a clock says about a position. Disjoint and exhaustive: exactly one holds at any time (INV-09).
enum Clock {
    ProposerRuns,
    ChallengerRuns,
    ProposerLost,
    ChallengerLost
}

/// @notice Life of a claim.
/// None: never made. Open: bonded, may be challenged or has games. Survived: the window and all games are over.
/// Defeated: one game was lost by the proposer.
enum Status {
    None,
    Open,
    Survived,
    Defeated
}

/// @notice Why a game ended. The first two are won by the proposer, the others by the challenger.
enum Ending {
    ProvedRight,
    ChallengerTimeout,
    ProvedWrong,
    ProposerTimeout,
    Malformed
}
