/** The feed of what happened, numbered, so that a reader who was away gets what he missed. */
package opml.event;
