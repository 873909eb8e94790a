import { html, type TemplateResult } from 'lit';
import { navigate } from '../shared/router';
import { type Word, WORDS } from './words';

/** A word of ours, as a link to what it means. */
export function term(word: Word, text: string = WORDS[word][0]): TemplateResult {
  return html`<a class="term" href="/help#${word}" title=${WORDS[word][1]} @click=${navigate}>${text}</a>`;
}
