import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { term } from '../help/term';
import type { Chain } from '../shared/api';
import { announce, badge, failure, hash, View } from '../shared/elements';
import { Load } from '../shared/load';
import type { Verdict } from '../worker/messages';
import { verifier } from '../worker/verifier-client';
import { chosen, knownChain, ownEndpoint, setEndpoint } from './endpoint';
import { factList } from './fact-list';

const AGAIN_MS = 5000; // while the server does not reach the chain

/** Which chain and contracts the checks rely on, checked here, and through which endpoint they are read. */
@customElement('opml-chain-page')
export class ChainPage extends View {
  @state() private verdict: Verdict | undefined;
  @state() private error: unknown;
  private about: Chain | undefined; // what verdict or error are about
  private readonly chain = new Load<Chain>(
    this,
    async () => {
      const chain = await knownChain();
      if (chain.chainId && (!this.verdict?.holds || others(chosen(chain), this.about))) void this.check(chain);
      return chain;
    },
    (chain) => (chain?.silence === undefined ? Infinity : AGAIN_MS),
  );

  override render(): TemplateResult {
    return html`<h1>Chain</h1>
      <p>
        Your browser reads the ${term('chain', 'chain')} itself, through a ${term('endpoint', 'node')}. The server only says where to look; what it says about contracts, receipts and games is
        compared with the chain.
      </p>
      <form class="endpoint" @submit=${this.save}>
        <label
          >RPC endpoint
          <input name="url" inputmode="url" spellcheck="false" autocomplete="off" placeholder=${this.chain.value?.rpcUrl ?? 'https://'} .value=${ownEndpoint() ?? ''} />
        </label>
        <button type="submit" class="primary">Use</button>
      </form>
      ${this.error ? failure(this.error) : ''}
      ${this.chain.render((c) => html`${c.silence === undefined ? '' : silent(c, c.silence)} ${c.chainId ? this.checked(c) : ''}`)}`;
  }

  private checked(c: Chain): TemplateResult {
    return html`<p class="quiet">${c.rpcUrl == null ? 'The server names no open one: give one.' : html`Left empty, it is the server's own, <code>${c.rpcUrl}</code>.`} A node that you run yourself needs no trust at all.</p>
      ${this.verdict
        ? html`<div role="status">
            <p>${badge(this.verdict.holds ? 'good' : 'bad', this.verdict.words)}</p>
            ${factList(this.verdict.facts)}
          </div>`
        : this.error ? '' : html`<p class="quiet" aria-busy="true">Reading the contracts …</p>`}
      <h2>Where the contracts are</h2>
      <dl>
        ${Object.entries(c.contracts).map(([name, address]) => html`<dt>${name}</dt><dd>${hash(address, `${name} address`)}</dd>`)}
      </dl>`;
  }

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      setEndpoint(String(new FormData(event.target as HTMLFormElement).get('url') ?? '').trim());
      announce('Endpoint kept');
      this.verdict = this.error = undefined;
      await (this.chain.value?.chainId ? this.check(this.chain.value) : this.chain.refresh());
    } catch (error) {
      this.error = error;
    }
  };

  /** Of what is shown: asked once more, a server might name others. */
  private async check(shown: Chain): Promise<void> {
    const chain = chosen(shown);
    if (others(chain, this.about)) this.verdict = this.error = undefined;
    this.about = chain;
    let verdict: Verdict | undefined;
    let failed: unknown;
    try {
      verdict = await verifier.contracts(chain);
    } catch (error) {
      failed = error;
    }
    if (others(chain, this.about)) return; // they are checked now
    this.verdict = verdict;
    this.error = failed;
  }
}

/** The server's own node does not answer: what goes on without it. */
function silent(c: Chain, silence: string): TemplateResult {
  const rest = c.chainId
    ? `Below is what it said before. With an endpoint of chain ${c.chainId} of your own, checks go on all the same.`
    : 'Where the contracts are has not been heard in this browser yet. With an endpoint of your own, receipts that are anchored can be checked all the same.';
  return html`<p class="hint" role="alert">${silence} ${rest}</p>`;
}

function others(a: Chain, b: Chain | undefined): boolean {
  return JSON.stringify([a.chainId, a.rpcUrl, a.contracts]) !== JSON.stringify([b?.chainId, b?.rpcUrl, b?.contracts]);
}
