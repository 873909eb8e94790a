import { html, type TemplateResult } from 'lit';
import { navigate, route } from '../shared/router';
import { type Fact, TRUSTED } from '../worker/facts';

const ICONS = { good: '✓', bad: '✗', note: '•' };
const WORDS = { good: 'holds', bad: 'does not hold', note: 'for your information' };

/** What was checked, one line each, and what had to be trusted all the same. */
export function factList(facts: Fact[]): TemplateResult {
  return html`<ul class="facts">
      ${facts.map(
        (f) => html`<li class=${f.mark}>
          <span aria-hidden="true">${ICONS[f.mark]}</span><span class="unseen">${WORDS[f.mark]}: </span><strong>${f.name}:</strong> ${f.words}
        </li>`,
      )}
    </ul>
    <p class="quiet">Trusted, not checked: ${TRUSTED}. ${route() === '/chain' ? '' : html`<a href="/chain" @click=${navigate}>Chain and endpoint</a>`}</p>`;
}
