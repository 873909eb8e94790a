import { html, type TemplateResult } from 'lit';
import { copy } from '../shared/elements';
import { visible } from '../shared/visible';

/**
 * Model output as elements, never as HTML: every character of it ends up in a text node. Headings, lists, quotations, tables, code and
 * emphasis only; links and images stay text, since nothing that a model says should be a click away.
 */
export function markdown(text: string): TemplateResult {
  return html`${blocks(text.split('\n'), DEPTH)}`;
}

const DEPTH = 6; // of lists and quotations in each other; what is deeper stays text
const FENCE = /^\s*(`{3,}|~{3,})/;
const HEADING = /^#{1,6} /;
const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)]) +/;
const QUOTED = /^\s*> ?/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;

function blocks(lines: string[], depth: number): TemplateResult[] {
  const out: TemplateResult[] = [];
  for (let i = 0; i < lines.length; ) {
    const line = lines[i]!;
    const run = (more: (l: string, at: number) => boolean): string[] => {
      const from = i;
      do i++;
      while (i < lines.length && more(lines[i]!, i));
      return lines.slice(from, i);
    };
    if (line.trim() === '') {
      i++;
    } else if (FENCE.test(line)) {
      const mark = FENCE.exec(line)![1]!;
      const [, ...body] = run((l) => !closes(l.trim(), mark));
      i++; // the closing fence, or the end of an answer that is still written
      out.push(code(line.replace(FENCE, '').trim(), body.join('\n')));
    } else if (RULE.test(line)) {
      out.push(html`<hr />`);
      i++;
    } else if (HEADING.test(line)) {
      out.push(html`<p class="heading" dir="auto"><strong>${inline(line.replace(/^#+ /, ''))}</strong></p>`);
      i++;
    } else if (depth > 0 && QUOTED.test(line)) {
      const quoted = run((l) => QUOTED.test(l)).map((l) => l.replace(QUOTED, ''));
      out.push(html`<blockquote>${blocks(quoted, depth - 1)}</blockquote>`);
    } else if (depth > 0 && ITEM.test(line)) {
      const kind = ordered(line);
      const base = indent(line);
      out.push(list(run((l, at) => belongs(l, lines[at + 1], base, kind)), base, depth - 1));
    } else if (isTable(line, lines[i + 1])) {
      out.push(table(run((l) => l.includes('|'))));
    } else {
      out.push(html`<p dir="auto">${inline(run((l, at) => !begins(l, lines[at + 1])).join('\n'))}</p>`);
    }
  }
  return out;
}

/** Whether a line closes what `mark` has opened: at least as many of its characters, and nothing else. */
function closes(line: string, mark: string): boolean {
  return line.length >= mark.length && line === mark[0]!.repeat(line.length);
}

/** Whether a line is none of a paragraph before it. */
function begins(line: string, next: string | undefined): boolean {
  return line.trim() === '' || [FENCE, RULE, HEADING, QUOTED, ITEM].some((form) => form.test(line)) || isTable(line, next);
}

function code(language: string, text: string): TemplateResult {
  return html`<div class="code">
    <p>${visible(language)} <button type="button" class="copy" aria-label="Copy code" @click=${(e: Event) => copy(e, text)}>Copy</button></p>
    <pre tabindex="0"><code>${visible(text)}</code></pre>
  </div>`;
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}

function ordered(line: string): boolean {
  return ITEM.exec(line)?.[2] !== undefined;
}

/** Whether a line goes on with a list: an item of its kind, or something further in. */
function belongs(line: string, next: string | undefined, base: number, kind: boolean): boolean {
  if (line.trim() === '') return next !== undefined && next.trim() !== '' && belongs(next, undefined, base, kind);
  return indent(line) > base || (ITEM.test(line) && !RULE.test(line) && ordered(line) === kind);
}

function list(lines: string[], base: number, depth: number): TemplateResult {
  const items: string[][] = [];
  for (const line of lines) {
    if (indent(line) <= base && ITEM.test(line)) items.push([line.replace(ITEM, '')]);
    else items.at(-1)!.push(line.slice(Math.min(indent(line), base + 2)));
  }
  const entries = items.map(([first, ...rest]) => html`<li>${inline(first!)}${blocks(rest, depth)}</li>`);
  const start = ITEM.exec(lines[0]!)![2];
  return start === undefined ? html`<ul dir="auto">${entries}</ul>` : html`<ol dir="auto" start=${start}>${entries}</ol>`;
}

function isTable(line: string, next: string | undefined): boolean {
  return line.includes('|') && next !== undefined && next.includes('|') && cells(next).every((cell) => /^:?-+:?$/.test(cell));
}

function cells(line: string): string[] {
  return line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|').map((cell) => cell.trim());
}

function table([head, , ...rows]: string[]): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table">
    <table>
      <thead><tr>${cells(head!).map((cell) => html`<th scope="col" dir="auto">${inline(cell)}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${cells(row).map((cell) => html`<td dir="auto">${inline(cell)}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}

const MARKS = /(`[^`\n]+`|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*)/;

function inline(text: string): unknown[] {
  return text.split(MARKS).map((part, i) => {
    if (i % 2 === 0) return visible(part);
    if (part.startsWith('`')) return html`<code>${visible(part.slice(1, -1))}</code>`;
    return part.startsWith('**') ? html`<strong>${visible(part.slice(2, -2))}</strong>` : html`<em>${visible(part.slice(1, -1))}</em>`;
  });
}
