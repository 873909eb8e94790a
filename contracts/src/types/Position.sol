// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice One position of a game: everything the next move depends on (protocol section 9, 156 bytes packed).
/// @param gameId The game
/// @param loIndex Index of the state lo
/// @param width log2 of the steps from lo to hi; 0: one step is left
/// @param turn 0: the proposer is to move, 1: the challenger
/// @param lo s(loIndex), common ground
/// @param hi What is claimed for s(loIndex + 2^width)
/// @param reveal Root of the reveal tree while the challenger is to pick, else zero
/// @param movedAt Seconds: block time of the last move
/// @param proposerLeft Seconds on the proposer's clock at movedAt
/// @param challengerLeft Seconds on the challenger's clock at movedAt
/// @param moves Reveals and picks so far
struct Position {
    bytes32 gameId;
    uint64 loIndex;
    uint8 width;
    uint8 turn;
    bytes32 lo;
    bytes32 hi;
    bytes32 reveal;
    uint64 movedAt;
    uint32 proposerLeft;
    uint32 challengerLeft;
    uint16 moves;
}
