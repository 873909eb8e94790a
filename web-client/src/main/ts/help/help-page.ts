import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { type Appearance, appearance, setAppearance } from '../shared/appearance';
import { type Model, api, readsImages } from '../shared/api';
import { copy, View } from '../shared/elements';
import { Load } from '../shared/load';
import { navigate } from '../shared/router';
import { WORDS } from './words';

const KEYS = [
  ['Enter', 'ask'],
  ['Shift + Enter', 'a new line'],
  ['Escape', 'stop the answer, or leave an edit'],
  ['Tab', 'from one control to the next; the first one skips the header'],
] as const;

/** How the whole works, its words, its keys, its programming interface, and what this browser keeps. */
@customElement('opml-help-page')
export class HelpPage extends View {
  private readonly model = new Load<Model | undefined>(this, async () => (await api.models()).items.find((m) => !readsImages(m)));

  override render(): TemplateResult {
    return html`<h1>Help</h1>
      <h2>What happens to a question</h2>
      <ol class="story">
        <li>The server runs the model on its processor and sends the answer as it is made.</li>
        <li>It signs a receipt and anchors it on the chain. From then on money is at stake for the answer.</li>
        <li>Until the challenge window ends, anybody can run the model again and challenge an answer that differs.</li>
        <li>A game narrows the difference to one instruction. A contract executes it, and who lied pays.</li>
      </ol>
      <p>
        You need not wait for others: <strong>Verify in my browser</strong>, under each answer, runs the model here and compares every bit.
        <a href="/games" @click=${navigate}>Games</a> lets you watch a liar being caught.
      </p>
      <h2>Words</h2>
      <dl class="words">
        ${Object.entries(WORDS).map(([key, [name, meaning]]) => html`<dt id=${key}>${name}</dt><dd>${meaning}</dd>`)}
      </dl>
      <h2>Keys</h2>
      <dl>${KEYS.map(([key, does]) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}</dl>
      <h2>For programs</h2>
      <p>
        Clients written for OpenAI's interface work with the address <code>${location.origin}/v1</code> and any key. Receipts, games and all else:
        <a href="/q/swagger-ui/">try each call</a>, or read <a href="/openapi">the description</a>.
      </p>
      ${command(example(this.model.value?.name ?? 'NAME'))}
      <h2>Appearance</h2>
      <fieldset class="choice">
        <legend class="unseen">Appearance</legend>
        ${(['system', 'light', 'dark'] as Appearance[]).map(
          (name) => html`<label><input type="radio" name="appearance" .checked=${appearance() === name} @change=${() => setAppearance(name)} /> ${name}</label>`,
        )}
      </fieldset>
      <h2>What this browser keeps</h2>
      <p>
        <a href="/chats" @click=${navigate}>Chats</a>, the options beside a question, what was fetched of <a href="/models" @click=${navigate}>models</a>
        to verify answers, the <a href="/chain" @click=${navigate}>endpoint</a> that you chose and where the server said that the contracts are. Nothing of it is sent anywhere; questions and
        answers are public in the <a href="/receipts" @click=${navigate}>receipts</a> of the server.
      </p>`;
  }
}

function command(text: string): TemplateResult {
  return html`<div class="code">
    <p><button type="button" class="copy" aria-label="Copy command" @click=${(e: Event) => copy(e, text)}>Copy</button></p>
    <pre tabindex="0"><code>${text}</code></pre>
  </div>`;
}

function example(model: string): string {
  return `curl ${location.origin}/v1/chat/completions -H 'Content-Type: application/json' \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "What is the capital of France?"}]}'`;
}
