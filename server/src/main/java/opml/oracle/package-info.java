/**
 * Requests that contracts and people make on chain (protocol section 14): found by the indexer,
 * answered under a bond, finalized after the window, which fires the callback.
 */
package opml.oracle;
