/** Markup, which only the `html` tag makes. */
export class Html {
  constructor(readonly text: string) {}
}

type Interpolation = string | number | Html | Html[] | undefined | false;

/** Markup from a template. Every interpolation is escaped unless this tag made it. */
export function html(strings: TemplateStringsArray, ...values: Interpolation[]): Html {
  return new Html(strings.map((literal, index) => literal + renderValue(values[index])).join(''));
}

function renderValue(value: Interpolation): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(renderValue).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
