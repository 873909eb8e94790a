/** OpenAI's wire form in front of the same prompts, models and receipts. */
package opml.openai;
