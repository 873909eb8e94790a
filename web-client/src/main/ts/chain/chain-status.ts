import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { type Chain, Problem } from '../shared/api';
import { View } from '../shared/elements';
import { age } from '../shared/format';
import { Load } from '../shared/load';
import { navigate } from '../shared/router';
import { heardChain } from './endpoint';

const STALE_SECONDS = 120;

/** Chain id, head block and its age, in the header of every page. */
@customElement('opml-chain-status')
export class ChainStatus extends View {
  private readonly chain = new Load<Chain>(this, heardChain, () => 5000);

  override render(): TemplateResult {
    const c = this.chain.value;
    if (this.chain.error) {
      const gone = this.chain.error instanceof Problem && this.chain.error.status === 0;
      return html`<a class="chain failure" href="/chain" @click=${navigate}>✗ ${gone ? (navigator.onLine ? 'server does not answer' : 'you are offline') : 'server cannot reach the chain'}</a>`;
    }
    if (!c) return html`<a class="chain" href="/chain" @click=${navigate}>chain …</a>`;
    const stale = Date.now() - Date.parse(c.headTime) > STALE_SECONDS * 1000;
    return html`<a class="chain" href="/chain" @click=${navigate}
      >chain ${c.chainId} · block ${c.head}${stale ? html`<span class="age">(${age(c.headTime)})</span>` : ''}</a
    >`;
  }
}
