import { LitElement, html, type TemplateResult } from 'lit';
import { shortHash } from './format';
import { navigate } from './router';

const CHAIN_PAGE = 'Chain page'; // words in an error that lead there

/** Base of all our elements: plain light DOM, so that one style sheet, labels and headings reach everything. */
export abstract class View extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** What the window or tab is called. */
export function title(view: string | undefined): void {
  document.title = view ? `${view} · opML` : 'opML';
}

/** A short hash with its full value in the title and a copy button that says whether it worked. */
export function hash(value: string | null | undefined, what: string): TemplateResult {
  if (!value) return html`<span class="quiet">none</span>`;
  return html`<span class="hash"
    ><code title=${value}>${shortHash(value)}</code
    ><button type="button" class="copy" aria-label="Copy ${what}" @click=${(e: Event) => copy(e, value)}>Copy</button></span
  >`;
}

/** Copies a text; the button that was pressed says for a moment whether it worked. */
export async function copy(event: Event, text: string): Promise<void> {
  const button = event.currentTarget as HTMLButtonElement;
  const worked = await written(text).then(() => true, () => false);
  button.textContent = worked ? 'Copied' : 'Failed';
  announce(worked ? 'Copied' : 'Could not copy');
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}

/** To the clipboard; a browser gives a page that came over plain HTTP the old way only. */
async function written(text: string): Promise<void> {
  if (isSecureContext) return navigator.clipboard.writeText(text);
  const put = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', put);
  try {
    if (!document.execCommand('copy')) throw new Error('the browser does not copy');
  } finally {
    document.removeEventListener('copy', put); // or the reader's next copy would be of this text
  }
}

/** Speaks to screen readers through the page's one polite live region. */
export function announce(text: string): void {
  const region = document.getElementById('announcer');
  if (!region) return;
  region.textContent = ''; // the same words twice are said twice
  setTimeout(() => (region.textContent = text));
}

/** Begins as a sentence does, unless with an address or a name. */
export function sentence(words: string): string {
  return words.replace(/^[a-z]+ /, (first) => first.charAt(0).toUpperCase() + first.slice(1));
}

export function failure(error: unknown): TemplateResult {
  const text = sentence(error instanceof Error ? error.message : String(error));
  const [before, ...after] = text.split(CHAIN_PAGE);
  const rest = after.map((part) => html`<a href="/chain" @click=${navigate}>${CHAIN_PAGE}</a>${part}`);
  return html`<p class="failure" role="alert"><strong>✗</strong> ${before}${rest}</p>`;
}

/** A time as the reader's own clock would show it; in full, and as the receipt means it, in the title. */
export function moment(iso: string): TemplateResult {
  const here = new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
  return html`<time datetime=${iso} title=${iso}>${here}</time>`;
}

/** Status as icon, word and colour, never colour alone. */
export function badge(kind: 'good' | 'bad' | 'wait' | 'plain', text: string): TemplateResult {
  const icon = { good: '✓', bad: '✗', wait: '◷', plain: '•' }[kind];
  return html`<span class="badge ${kind}"><span aria-hidden="true">${icon}</span> ${text}</span>`;
}
