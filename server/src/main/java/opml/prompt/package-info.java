/**
 * Life of a prompt: stored before it is accepted, queued over a channel, inferred, streamed, kept
 * with its receipt. Nothing of value is only in memory: a run that is cut off is run again, and
 * being deterministic goes on with the same text.
 */
package opml.prompt;
