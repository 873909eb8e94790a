import { html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { copy, failure } from '../shared/elements';
import { type Exchange, isBusy } from './conversation';
import { visible } from '../shared/visible';
import { markdown } from './markdown';

export interface Actions {
  edit: (x: Exchange) => void;
  again: (x: Exchange) => void;
  longer: (x: Exchange) => void;
  fresh: () => void;
}

const SLOW_SECONDS = 3; // from then on the time is shown: slow is not stuck
const WORDS: Record<Exchange['phase'], string> = {
  sent: 'waiting for a free place', reading: 'reading the question', writing: 'writing', done: 'done', stopped: 'stopped: no receipt is made', failed: 'failed',
};
const ENDINGS: Record<string, string> = {
  length: 'The answer stops here because its longest length, or the model’s context, is used up.',
  prompt_too_long: 'This conversation no longer fits the model’s context. Start a new chat, or ask without the conversation so far.',
  numeric: 'The model met a number that is no number. That is its answer, and it carries a receipt like any other.',
};

/** One question, its answer and, under it, its receipt. */
export function exchangeView(x: Exchange, last: boolean, replaced: boolean, actions: Actions): TemplateResult {
  const busy = isBusy(x);
  return html`<article class="exchange ${replaced ? 'replaced' : ''}">
    <h2 class="question" dir="auto">${visible(x.question)}</h2>
    <div class="answer" aria-busy=${busy ? 'true' : 'false'}>${guard([x.text], () => markdown(x.text))}</div>
    <p class="phase quiet">${phase(x)} <span class="settings">${x.settings}</span></p>
    ${busy
      ? ''
      : html`<p class="tools">
          ${x.text ? html`<button type="button" class="tool" aria-label="Copy answer" @click=${(e: Event) => copy(e, x.text)}>Copy</button>` : ''}
          <button type="button" class="tool" aria-label="Edit question" @click=${() => actions.edit(x)}>Edit</button>
          ${last ? html`<button type="button" class="tool" @click=${() => actions.again(x)}>Ask again</button>` : ''}
        </p>`}
    ${x.ending && ENDINGS[x.ending]
      ? html`<p class="hint" role="note">
          ${ENDINGS[x.ending]} ${x.ending === 'length' && last ? html`<button type="button" class="link" @click=${() => actions.longer(x)}>Ask for twice the length</button>` : ''}
          ${x.ending === 'prompt_too_long' ? html`<button type="button" class="link" @click=${actions.fresh}>New chat</button>` : ''}
        </p>`
      : ''}
    ${x.error ? failure(x.error) : ''}
    ${x.receiptId ? html`<opml-receipt-card .receiptId=${x.receiptId} .asked=${x.request} .answer=${x.text}></opml-receipt-card>` : ''}
  </article>`;
}

export function phase(x: Exchange): string {
  if (x.lost && isBusy(x)) return 'connection lost, trying again';
  const told = [WORDS[x.phase]];
  if (x.tokens > 0 && x.phase !== 'failed') told.push(x.tokens === 1 ? '1 token' : `${x.tokens} tokens`);
  if (x.tokensPerSecond > 0 && (x.phase === 'writing' || x.phase === 'done')) told.push(`${x.tokensPerSecond.toFixed(x.tokensPerSecond < 100 ? 1 : 0)} tokens/s`);
  const seconds = Math.floor((Date.now() - x.began) / 1000);
  if (isBusy(x) && seconds >= SLOW_SECONDS) told.push(`${seconds} s`);
  return told.join(' · ');
}
