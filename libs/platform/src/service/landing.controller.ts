import { Controller, Get, Header, Inject } from '@nestjs/common';

/** Content of the landing page. */
export interface ServiceDescription {
  readonly name: string;
  readonly version: string;
  /** One or two sentences. */
  readonly description: string;
}

export const SERVICE_DESCRIPTION = Symbol('SERVICE_DESCRIPTION');

const LINKS = [
  ['/docs', 'API description'],
  ['/health', 'Health'],
  ['/metrics', 'Metrics'],
] as const;

/** `GET /`: a page for people that says what the service is and where to go next. */
@Controller()
export class LandingController {
  readonly #page: string;

  constructor(@Inject(SERVICE_DESCRIPTION) description: ServiceDescription) {
    this.#page = renderPage(description);
  }

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  read(): string {
    return this.#page;
  }
}

function renderPage({ name, version, description }: ServiceDescription): string {
  const links = LINKS.map(([path, text]) => `<li><a href="${path}">${text}</a> <code>${path}</code></li>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${name}</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style>
<h1>${name}</h1>
<p>${description}</p>
<ul>${links.join('')}</ul>
<p>Version ${version}</p>
</html>
`;
}
