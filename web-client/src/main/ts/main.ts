import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { applyAppearance } from './shared/appearance';
import { title, View } from './shared/elements';
import { navigate, onRoute, route } from './shared/router';
import { markNewest, outdated } from './shared/version';
import { lastPath } from './prompt/chats';
import { forgetOlder } from './worker/store';
import './prompt/chats-page';
import './prompt/prompt-page';
import './digit/digit-page';
import './receipt/receipts-page';
import './receipt/receipt-page';
import './game/games-page';
import './game/game-page';
import './model/models-page';
import './chain/chain-page';
import './chain/chain-status';
import './help/help-page';

const LINKS = [
  ['/digits', 'Draw'],
  ['/receipts', 'Receipts'],
  ['/games', 'Games'],
  ['/models', 'Models'],
] as const;
const OTHERS = [['/chats', 'Chats'], ['/chain', 'Chain'], ['/help', 'Help']] as const;

applyAppearance();
markNewest();
if (!outdated()) void forgetOlder();

/** The shell: header with navigation and chain status, one page below, one live region for announcements. */
@customElement('opml-app')
export class App extends View {
  @state() private path = route();
  private readonly release = onRoute((path) => (this.path = path));

  override updated(): void {
    title([...LINKS, ...OTHERS].find(([href]) => this.at(href))?.[1]);
  }

  override connectedCallback(): void {
    this.replaceChildren();
    super.connectedCallback();
    addEventListener('storage', this.look);
    addEventListener('pageshow', this.look); // nothing was heard of other tabs while the browser had laid it by
  }

  override disconnectedCallback(): void {
    this.release();
    removeEventListener('storage', this.look);
    removeEventListener('pageshow', this.look);
    super.disconnectedCallback();
  }

  private readonly look = (): void => this.requestUpdate();

  override render(): TemplateResult {
    return html`
      ${outdated()
        ? html`<p class="outdated" role="alert">
            <span>A newer version of this page is open.</span>
            <button type="button" class="primary" @click=${() => location.reload()}>Reload</button>
          </p>`
        : ''}
      <header>
        <a class="brand" href="/" @click=${navigate}><img src="/icon.svg" alt="" width="28" height="28" />opML</a>
        <nav aria-label="Main">
          ${[[lastPath(), 'Ask'] as const, ...LINKS].map(
            ([href, name]) =>
              html`<a href=${href} aria-current=${name === 'Ask' ? this.asks() : this.at(href)} @click=${navigate}>${name}</a>`,
          )}
        </nav>
        <opml-chain-status></opml-chain-status>
        <a class="help" href="/help" aria-current=${this.at('/help')} @click=${navigate}>Help</a>
      </header>
      <main id="content" tabindex="-1">${this.page()}</main>
      <div id="announcer" class="unseen" role="status" aria-live="polite"></div>
    `;
  }

  private at(href: string): 'page' | false {
    return this.path === href || this.path.startsWith(`${href}/`) ? 'page' : false;
  }

  private asks(): 'page' | false {
    return this.path === '/' ? 'page' : this.at('/chats');
  }

  private page(): TemplateResult {
    const [, section, item] = this.path.split('/');
    if (!section || (section === 'chats' && item)) {
      return html`<opml-prompt-page .chatId=${item ?? ''}></opml-prompt-page>`;
    }
    if (section === 'chats') return html`<opml-chats-page></opml-chats-page>`;
    if (section === 'digits') return html`<opml-digit-page></opml-digit-page>`;
    if (section === 'receipts') {
      return item
        ? html`<opml-receipt-page .receiptId=${item}></opml-receipt-page>`
        : html`<opml-receipts-page></opml-receipts-page>`;
    }
    if (section === 'games') {
      return item
        ? html`<opml-game-page .gameId=${item}></opml-game-page>`
        : html`<opml-games-page></opml-games-page>`;
    }
    if (section === 'help') return html`<opml-help-page></opml-help-page>`;
    if (section === 'chain') return html`<opml-chain-page></opml-chain-page>`;
    if (section === 'models') return html`<opml-models-page></opml-models-page>`;
    return html`<h1>Nothing here</h1>
      <p>No page has the address <code>${this.path}</code>. <a href="/" @click=${navigate}>Ask something</a> instead.</p>`;
  }
}
