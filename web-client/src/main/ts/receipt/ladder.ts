import { html, type TemplateResult } from 'lit';
import { term } from '../help/term';
import type { Receipt, ReceiptStatus } from '../shared/api';
import { duration } from '../shared/format';

const STEPS = ['Generated', 'Anchored', 'Challenge window', 'Final'] as const;
const REACHED: Record<ReceiptStatus, number> = {
  GENERATED: 0, ANCHORED: 2, CHALLENGED: 2, FINAL: 3, UPHELD: 3, OVERTURNED: 2,
};

/** Where an answer stands between generated and final, with the branch taken when it is challenged. */
export function ladder(r: Receipt, now: number): TemplateResult {
  const at = REACHED[r.status];
  return html`<ol class="ladder" aria-label="State of this answer">
    ${STEPS.map((name, i) => {
      const state = i < at || at === 3 ? 'done' : i === at ? 'now' : 'ahead';
      return html`<li class=${state} aria-current=${i === at ? 'step' : 'false'}>
        <span aria-hidden="true">${state === 'done' ? '✓' : i + 1}</span> ${i === 1 ? term('anchor', name) : i === 2 ? term('window', name) : name}${note(r, i, now)}
      </li>`;
    })}
    ${branch(r)}
  </ol>`;
}

/** The same in a sentence, for who meets it for the first time. */
export function standing(r: Receipt, now: number): string {
  const left = r.windowEndsAt ? (Date.parse(r.windowEndsAt) - now) / 1000 : 0;
  switch (r.status) {
    case 'GENERATED':
      return 'The server has signed the answer; it is on its way to the chain.';
    case 'ANCHORED':
      return left > 0
        ? 'The answer is on the chain, with money behind it. Until the time is up, anybody who proves it wrong is paid from that money.'
        : 'The time to challenge is over; the answer is about to become final.';
    case 'CHALLENGED':
      return 'Somebody says that the answer is wrong. A game on chain decides, and the liar pays.';
    case 'FINAL':
      return 'Nobody proved the answer wrong in time: it stands.';
    case 'UPHELD':
      return 'The answer was challenged and proved right: it stands.';
    case 'OVERTURNED':
      return 'The answer was proved wrong, and who gave it has lost the bond.';
  }
}

function note(r: Receipt, step: number, now: number): TemplateResult | string {
  if (step !== 2 || r.status !== 'ANCHORED' || !r.windowEndsAt) return '';
  const left = (Date.parse(r.windowEndsAt) - now) / 1000;
  return html` <span role="timer" title=${r.windowEndsAt}>${left > 0 ? `${duration(left)} left` : 'over'}</span>`;
}

function branch(r: Receipt): TemplateResult | string {
  if (r.status === 'CHALLENGED') return html`<li class="now bad"><span aria-hidden="true">!</span> Challenged</li>`;
  if (r.status === 'UPHELD') return html`<li class="done"><span aria-hidden="true">✓</span> Challenged, upheld</li>`;
  if (r.status === 'OVERTURNED') return html`<li class="now bad"><span aria-hidden="true">✗</span> Overturned</li>`;
  return '';
}
