/**
 * Claims on chain as the indexer saw them: their bytes, their life, and what this server's own
 * replay says about them.
 */
package opml.claim;
