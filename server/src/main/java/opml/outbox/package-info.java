/**
 * Who sends transactions and the database behind it: every intent and every signed transaction is a
 * row before it leaves, so a process that was killed sends the same bytes again or nothing.
 */
package opml.outbox;
