import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { term } from '../help/term';
import { api, type Model, type Page, readsImages } from '../shared/api';
import { announce, hash, View } from '../shared/elements';
import { chooseModel } from '../prompt/options';
import { age, bytes, large } from '../shared/format';
import { Load } from '../shared/load';
import { navigate } from '../shared/router';
import { clearStore } from '../worker/store';

@customElement('opml-models-page')
export class ModelsPage extends View {
  private readonly models = new Load<Page<Model>>(this, () => api.models());

  override render(): TemplateResult {
    return html`<h1>Models</h1>
      <p>
        What this server answers with. A model is known by its ${term('root', 'roots')}, which are made from its numbers and its program and fit
        no others: anyone can make them from the published file with <code>opml model root FILE</code> and compare.
      </p>
      ${this.models.render((page) => page.items.length > 0 ? html`<div class="cards">${page.items.map(card)}</div>` : html`<p>No model is loaded at the moment. Whoever runs this server loads one by starting it.</p>`)}
      <p class="forget">
        <button type="button" @click=${this.forget}>Forget stored models</button>
        <span class="quiet">What was fetched of models to verify answers stays in this browser, so that it is fetched once.</span>
      </p>`;
  }

  private async forget(event: Event): Promise<void> {
    const button = event.currentTarget as HTMLButtonElement;
    await clearStore();
    button.textContent = 'Forgotten';
    announce('Stored models are forgotten');
  }
}

function ask(event: MouseEvent, m: Model): void {
  chooseModel(m.name);
  navigate(event);
}

function card(m: Model): TemplateResult {
  return html`<article class="card" aria-label=${m.name}>
    <h2>${m.name}</h2>
    ${m.halted
      ? html`<p role="alert">
          Halted ${age(m.halted.haltedAt)}: an audit found that this server's kernels and the virtual machine
          differ (${m.halted.reason}). Nothing of this model is claimed or signed until the operator has found out why.
        </p>`
      : ''}
    <dl>
      <dt>Model id</dt>
      <dd>${hash(m.modelId, 'model id')}</dd>
      <dt>${term('root', 'Weights root')}</dt>
      <dd>${hash(m.weightsRoot, 'weights root')}</dd>
      <dt>${term('root', 'Code root')}</dt>
      <dd>${hash(m.codeRoot, 'code root')}</dd>
      <dt>Numbers</dt>
      <dd>${large(Number(m.parameters))}, ${term('quantization', m.quantization)}, ${bytes(Number(m.weightsBytes))}</dd>
      <dt>${readsImages(m) ? 'Reads' : term('context')}</dt>
      <dd>${readsImages(m) ? 'one image of 28 by 28 pixels' : `${m.context.toLocaleString('en')} tokens`}</dd>
      <dt>Licence</dt>
      <dd>${m.licence}</dd>
    </dl>
    <p class="actions">
      ${readsImages(m) ? html`<a href="/digits" @click=${navigate}>Draw for it</a>` : html`<a href="/" @click=${(e: MouseEvent) => ask(e, m)}>Ask it</a>`}
    </p>
  </article>`;
}
