import { html, type TemplateResult } from 'lit';
import type { Model, PromptRequest } from '../shared/api';
import { navigate } from '../shared/router';
import { lasting } from '../shared/storage';
import { messages } from './chats';
import type { Exchange } from './conversation';

/** How the reader wants to be answered, as text in the fields: the server says what is wrong with it. Kept in this browser. */
export interface Options {
  model: string;
  maxTokens: string;
  temperature: string;
  seed: string;
  instruction: string;
  conversation: boolean | null; // null: as far as the model has room for it
}

const KEY = 'opml.options';
const TOKENS = '256';
const ROOM_FOR_CONVERSATION = 1024; // tokens of context below which a conversation is not sent unless asked for
const STANDARD: Options = { model: '', maxTokens: TOKENS, temperature: '0', seed: '0', instruction: '', conversation: null };

export function savedOptions(): Options {
  try {
    return { ...STANDARD, ...(JSON.parse(lasting.getItem(KEY) ?? '{}') as Partial<Options>) };
  } catch {
    return STANDARD;
  }
}

function keep(options: Options): Options {
  try {
    lasting.setItem(KEY, JSON.stringify(options));
  } catch {
    // no room: they hold as long as the page
  }
  return options;
}

/** From now on this model is asked. */
export function chooseModel(model: string): void {
  keep({ ...savedOptions(), model });
}

/** The model that is asked: the chosen one where the server still has it, else its first. */
export function chosen(options: Options, models: Model[]): Model | undefined {
  return models.find((m) => m.name === options.model) ?? models[0];
}

function sendsConversation(options: Options, model: Model | undefined): boolean {
  return options.conversation ?? (model !== undefined && model.context >= ROOM_FOR_CONVERSATION);
}

/** What is sent when `question` is asked after these exchanges. */
export function requestOf(options: Options, models: Model[], before: Exchange[], question: string): PromptRequest {
  const model = chosen(options, models);
  return {
    model: model?.name ?? '',
    messages: messages(options.instruction.trim(), sendsConversation(options, model) ? before : [], question),
    maxTokens: Number(options.maxTokens),
    temperature: Number(options.temperature),
    seed: options.seed || '0',
  };
}

export function withTokens(options: Options, tokens: number): Options {
  return keep({ ...options, maxTokens: String(tokens) });
}

/** Another answer at a temperature above 0 needs another seed. */
export function nextSeed(options: Options): Options {
  return Number(options.temperature) > 0 && /^\d+$/.test(options.seed) ? keep({ ...options, seed: String(BigInt(options.seed) + 1n) }) : options;
}

/** On a small screen what has opened would be below the window. */
function showAll(event: Event): void {
  const form = (event.target as HTMLElement).closest('form')!;
  if (form.getBoundingClientRect().bottom > innerHeight) form.scrollIntoView({ block: 'end' });
}

export function optionsView(options: Options, models: Model[], change: (options: Options) => void): TemplateResult {
  const model = chosen(options, models);
  const set = (part: Partial<Options>): void => change(keep({ ...options, ...part }));
  const text = (name: 'maxTokens' | 'temperature' | 'seed' | 'instruction') => (e: Event) =>
    set({ [name]: (e.target as HTMLInputElement | HTMLTextAreaElement).value });
  return html`<details class="options" @toggle=${showAll}>
    <summary>Options <span class="model" title="Model">${model?.name ?? ''}</span></summary>
    <div class="fields">
      <label
        >Model
        <select name="model" @change=${(e: Event) => set({ model: (e.target as HTMLSelectElement).value })}>
          ${models.map((m) => html`<option value=${m.name} ?selected=${m === model}>${m.name}</option>`)}
        </select></label
      >
      <label>Longest answer, tokens <input name="maxTokens" type="number" min="1" max=${model?.context ?? TOKENS} .value=${options.maxTokens} @input=${text('maxTokens')} /></label>
      <label
        >Temperature, 0 to 2
        <input name="temperature" type="number" min="0" max="2" step="0.1" aria-describedby="temperature-help" .value=${options.temperature} @input=${text('temperature')}
      /></label>
      <label>Seed <input name="seed" type="number" min="0" step="1" aria-describedby="temperature-help" .value=${options.seed} @input=${text('seed')} /></label>
      <p id="temperature-help" class="quiet wide">
        0 always takes the likeliest word. Above 0 chance takes part, the more the higher; the seed fixes it, so the same seed gives the same
        answer. <a href="/help#temperature" @click=${navigate}>Words explained</a>
      </p>
      <label class="wide"
        >Instruction to the model
        <textarea name="instruction" rows="2" dir="auto" maxlength="8000" placeholder="For example: answer in one sentence." .value=${options.instruction} @input=${text('instruction')}></textarea>
      </label>
      <label class="check"
        ><input type="checkbox" .checked=${sendsConversation(options, model)} @change=${(e: Event) => set({ conversation: (e.target as HTMLInputElement).checked })} />
        send the conversation so far with each question</label
      >
      <button type="button" class="wide" @click=${() => change(keep(STANDARD))}>Back to the standard options</button>
    </div>
  </details>`;
}
