import { html, type TemplateResult } from 'lit';

/**
 * Model output as elements, never as HTML: every character of it ends up in a text node. Headings, lists, code and emphasis only; links
 * and images stay text, since nothing that a model says should be a click away.
 */
export function markdown(text: string): TemplateResult {
  return html`${blocks(text.split('\n'))}`;
}

function blocks(lines: string[]): TemplateResult[] {
  const out: TemplateResult[] = [];
  for (let i = 0; i < lines.length; ) {
    const line = lines[i]!;
    const end = (more: (l: string) => boolean): string[] => {
      const from = i;
      do i++;
      while (i < lines.length && more(lines[i]!));
      return lines.slice(from, i);
    };
    if (/^\s*```/.test(line)) {
      const body = end((l) => !/^\s*```\s*$/.test(l)).slice(1);
      i++; // the closing fence, or the end of an answer that is still written
      out.push(html`<pre><code>${body.join('\n')}</code></pre>`);
    } else if (/^#{1,6} /.test(line)) {
      out.push(html`<p class="heading"><strong>${inline(line.replace(/^#+ /, ''))}</strong></p>`);
      i++;
    } else if (BULLET.test(line)) {
      out.push(html`<ul>${end((l) => BULLET.test(l)).map((l) => html`<li>${inline(l.replace(BULLET, ''))}</li>`)}</ul>`);
    } else if (NUMBERED.test(line)) {
      const start = Number(NUMBERED.exec(line)![1]);
      out.push(html`<ol start=${start}>${end((l) => NUMBERED.test(l)).map((l) => html`<li>${inline(l.replace(NUMBERED, ''))}</li>`)}</ol>`);
    } else if (line.trim() === '') {
      i++;
    } else {
      const paragraph = end((l) => l.trim() !== '' && !BULLET.test(l) && !NUMBERED.test(l) && !/^(\s*```|#{1,6} )/.test(l));
      out.push(html`<p>${inline(paragraph.join('\n'))}</p>`);
    }
  }
  return out;
}

const BULLET = /^\s*[-*+] +/;
const NUMBERED = /^\s*(\d{1,9})[.)] +/;
const MARKS = /(`[^`\n]+`|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*)/;

function inline(text: string): unknown[] {
  return text.split(MARKS).map((part, i) => {
    if (i % 2 === 0) return part;
    if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`;
    return part.startsWith('**') ? html`<strong>${part.slice(2, -2)}</strong>` : html`<em>${part.slice(1, -1)}</em>`;
  });
}
