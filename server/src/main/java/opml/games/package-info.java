/**
 * Games as they were played: every move with its gas and its reason; and the two roles that play,
 * validator and proposer.
 */
package opml.games;
