const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that may go into a page as it is. Only the `html` tag makes it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in an interpolation: text is escaped, markup is kept, lists are joined, nothing is nothing. */
export type Interpolation = string | number | Markup | readonly Markup[] | undefined | false;

/** Markup from a template; every interpolation is escaped unless it came from this tag itself. */
export function html(strings: TemplateStringsArray, ...values: Interpolation[]): Markup {
  const text = strings.map((literal, index) => literal + render(values[index])).join('');
  return new Markup(text);
}

function render(value: Interpolation): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'object') return value.join('');
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
