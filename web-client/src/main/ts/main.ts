import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { View } from './shared/elements';
import { navigate, onRoute, route } from './shared/router';
import './prompt/prompt-page';
import './digit/digit-page';
import './receipt/receipts-page';
import './receipt/receipt-page';
import './game/games-page';
import './game/game-page';
import './model/models-page';
import './chain/chain-page';
import './chain/chain-status';

const LINKS = [
  ['/', 'Ask'],
  ['/digits', 'Draw'],
  ['/receipts', 'Receipts'],
  ['/games', 'Games'],
  ['/models', 'Models'],
] as const;

/** The shell: header with navigation and chain status, one page below, one live region for announcements. */
@customElement('opml-app')
export class App extends View {
  @state() private path = route();
  private readonly release = onRoute((path) => (this.path = path));

  override updated(): void {
    const name = LINKS.find(([href]) => href !== '/' && this.at(href))?.[1];
    document.title = name ? `${name} · opML` : 'opML';
  }

  override connectedCallback(): void {
    this.replaceChildren();
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    this.release();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`
      <header>
        <a class="brand" href="/" @click=${navigate}><img src="/icon.svg" alt="" width="28" height="28" />opML</a>
        <nav aria-label="Main">
          ${LINKS.map(
            ([href, name]) =>
              html`<a href=${href} aria-current=${this.at(href) ? 'page' : 'false'} @click=${navigate}>${name}</a>`,
          )}
        </nav>
        <opml-chain-status></opml-chain-status>
      </header>
      <main id="content" tabindex="-1">${this.page()}</main>
      <div id="announcer" class="unseen" role="status" aria-live="polite"></div>
    `;
  }

  private at(href: string): boolean {
    return href === '/' ? this.path === '/' : this.path.startsWith(href);
  }

  private page(): TemplateResult {
    const [, section, item] = this.path.split('/');
    if (!section) return html`<opml-prompt-page></opml-prompt-page>`;
    if (section === 'digits') return html`<opml-digit-page></opml-digit-page>`;
    if (section === 'receipts') {
      return item
        ? html`<opml-receipt-page .receiptId=${decodeURIComponent(item)}></opml-receipt-page>`
        : html`<opml-receipts-page></opml-receipts-page>`;
    }
    if (section === 'games') {
      return item
        ? html`<opml-game-page .gameId=${decodeURIComponent(item)}></opml-game-page>`
        : html`<opml-games-page></opml-games-page>`;
    }
    if (section === 'chain') return html`<opml-chain-page></opml-chain-page>`;
    if (section === 'models') return html`<opml-models-page></opml-models-page>`;
    return html`<h1>Nothing here</h1>
      <p>No page has the address <code>${this.path}</code>. <a href="/" @click=${navigate}>Ask something</a> instead.</p>`;
  }
}
