/** Reads the chain's events into the database, block by block, each exactly once. */
package opml.indexer;
