import { html, type TemplateResult } from 'lit';
import type { ReceiptStatus, Wanted } from '../shared/api';

const STATES: ReceiptStatus[] = ['GENERATED', 'ANCHORED', 'FINAL', 'CHALLENGED', 'UPHELD', 'OVERTURNED'];

/** What the reader looks for: words or an id when asked for, model and state at once. */
export function receiptSearch(wanted: Wanted, models: string[], want: (wanted: Wanted) => void): TemplateResult {
  const names = wanted.model && !models.includes(wanted.model) ? [wanted.model, ...models] : models;
  const read = (form: HTMLFormElement): void => want(Object.fromEntries(new FormData(form)) as Wanted);
  return html`<form
    class="search"
    role="search"
    @submit=${(e: SubmitEvent) => {
      e.preventDefault();
      read(e.target as HTMLFormElement);
    }}
    @change=${(e: Event) => e.target instanceof HTMLSelectElement && read(e.target.form!)}
  >
    <label>Words of question or answer, or an id <input name="text" type="search" spellcheck="false" autocomplete="off" maxlength="200" .value=${wanted.text ?? ''} /></label>
    ${choice('Model', 'model', wanted.model, names.map((name) => [name, name]))}
    ${choice('State', 'status', wanted.status, STATES.map((name) => [name, name.toLowerCase()]))}
    <button type="submit">Find</button>
  </form>`;
}

function choice(label: string, name: string, chosen: string | undefined, values: [string, string][]): TemplateResult {
  return html`<label
    >${label}
    <select name=${name}>
      <option value="" .selected=${!chosen}>any</option>
      ${values.map(([value, words]) => html`<option value=${value} .selected=${value === chosen}>${words}</option>`)}
    </select></label
  >`;
}
