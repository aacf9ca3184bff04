import { Controller, Get, Headers, Inject, Param, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import { RequestFailure } from '@pipeline/platform';
import type { FastifyReply } from 'fastify';
import type { PageFile, PageFiles } from './page-files.js';

export const PAGE_FILES = Symbol('PAGE_FILES');

/** Code, styles and data of this service only: no inline code, no other host, no frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The first answer of the API is requested beside the code of the page, by the same kind of request as its `fetch`. */
const PRELOAD_NOW = '</api/now>; rel=preload; as=fetch; crossorigin=anonymous';

/** The other screens: one page, which reads its address. */
const SCREENS = [
  'event',
  'event/:id',
  'tables',
  'tables/:table',
  'timeline',
  'dead-letters',
  'books',
  'approvals',
  'plan',
  'actions',
];

/** The page and its files. */
@ApiExcludeController()
@Controller()
export class PageController {
  constructor(@Inject(PAGE_FILES) private readonly files: PageFiles) {}

  @Get()
  @RouteConfig({ query: true })
  now(@Headers('accept-encoding') accepted: string | undefined, @Res() reply: FastifyReply): void {
    void reply.header('link', PRELOAD_NOW);
    this.page(accepted, reply);
  }

  @Get(SCREENS)
  @RouteConfig({ query: true })
  page(@Headers('accept-encoding') accepted: string | undefined, @Res() reply: FastifyReply): void {
    send(reply, this.files.index, { accepted, cache: 'no-cache' });
  }

  @Get('assets/:name')
  asset(
    @Param('name') name: string,
    @Headers('accept-encoding') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    const file = this.files.assets.get(name);
    if (file === undefined) {
      throw new RequestFailure({ status: 404, code: 'NOT_FOUND', message: `There is no file ${name}` });
    }
    // Names contain a hash of the content.
    send(reply, file, { accepted, cache: 'public, max-age=31536000, immutable' });
  }
}

function send(
  reply: FastifyReply,
  { contentType, bytes, gzipped }: PageFile,
  { accepted = '', cache }: { readonly accepted: string | undefined; readonly cache: string },
): void {
  const isGzip = /\bgzip\b/.test(accepted);
  void reply
    .headers({
      'content-type': contentType,
      'cache-control': cache,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      vary: 'accept-encoding',
      ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
    })
    .send(isGzip ? gzipped : bytes);
}
