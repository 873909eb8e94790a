/**
 * The command line: one plain {@code main}, one class per command. Results go to standard output,
 * progress and remedies to standard error.
 */
package opml.cli;
