/** Content of the page at `GET /`: services with where they are, and switches with their values. */
export interface IndexPage {
  readonly services: readonly {
    readonly name: string;
    readonly address: string;
    /** Setting that brings a client here, such as `PUBSUB_EMULATOR_HOST=127.0.0.1:8085`. */
    readonly variable?: string;
  }[];
  readonly switches: readonly { readonly name: string; readonly value: string }[];
}

/** A page without scripts, styles or links to anything outside. */
export function renderIndexPage({ services, switches }: IndexPage): string {
  const rows = services.map(({ name, address, variable }) => row([name, address, variable ?? '']));
  const settings = switches.map(({ name, value }) => row([name, value]));
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>local cloud</title></head><body>',
    '<h1>local cloud</h1>',
    `<table><tr><th>service</th><th>address</th><th>variable</th></tr>${rows.join('')}</table>`,
    '<h2>Switches</h2>',
    `<table><tr><th>switch</th><th>value</th></tr>${settings.join('')}</table>`,
    '</body></html>\n',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
