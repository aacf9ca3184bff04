import { PassThrough } from 'node:stream';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { listActions } from '@pipeline/books';
import { validateInput } from '@pipeline/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../access/access.js';
import { toSpan } from '../api/span.query.js';
import { Warehouse } from '../warehouse/warehouse.js';
import { ActionRunner, type ActionStep } from './action-runner.js';
import { ActionsQuery, ActionView, PreviewBody, PreviewView, RunBody } from './actions.dto.js';
import { Previews } from './previews.js';

/** Actions: preview, confirm, progress, outcome, log. */
@ApiTags('Actions')
@Controller('api/actions')
export class ActionsController implements OnModuleDestroy {
  constructor(
    private readonly access: Access,
    private readonly runner: ActionRunner,
    private readonly previews: Previews,
    private readonly warehouse: Warehouse,
  ) {}

  @Get()
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'listActions',
    summary: 'The log of actions: person, preview and outcome, the newest first',
  })
  @ApiOkResponse({ type: [ActionView] })
  list(@Query() { limit, ...query }: ActionsQuery): Promise<readonly ActionView[]> {
    const { from } = toSpan(query, this.warehouse.now(), '7d');
    return listActions(this.warehouse.sql, from, limit);
  }

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'previewAction',
    summary: 'Shows what an action would do; nothing happens',
    description: 'The token of the answer confirms this preview for 15 minutes, once, by the same person.',
  })
  @ApiOkResponse({ type: PreviewView })
  @ApiResponse({ status: 403, description: 'The role of the caller does not allow it' })
  async preview(@Req() request: FastifyRequest, @Body() { kind, input }: PreviewBody): Promise<PreviewView> {
    const identity = this.access.identify(request);
    const action = this.runner.allowed(kind, identity);
    const previewed = await action.preview(await validateInput(action.Input, withoutNulls(input)), identity);
    const { token, expiresAt } = this.previews.keep({ ...previewed, kind, actor: identity.actor });
    const { figures, input: pinned } = previewed;
    return { token, kind, expiresAt: expiresAt.toISOString(), input: pinned, figures };
  }

  @Post('run')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'runAction',
    summary: 'Does what a preview showed',
    description:
      'Answers with a line of JSON for each step: `{"step":"begun"}`, `{"step":"progress"}`, `{"step":"line"}` of an export, ' +
      '`{"step":"ended"}` with the outcome. Closing the connection stops an action that can be stopped.',
  })
  @ApiResponse({
    status: 200,
    content: { 'application/x-ndjson': { schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 403, description: 'The role of the caller does not allow it' })
  @ApiResponse({ status: 409, description: 'The preview was used, has expired, or is of another person' })
  async run(
    @Req() request: FastifyRequest,
    @Body() { token }: RunBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { run } = await this.runner.begin(token, this.access.identify(request));
    const stream = new PassThrough();
    const stop = new AbortController();
    stream.once('close', () => {
      stop.abort();
    });
    void reply
      .headers({
        'content-type': 'application/x-ndjson; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      .send(stream);
    await run((step: ActionStep) => {
      if (stream.writable) stream.write(`${JSON.stringify(step)}\n`);
    }, stop.signal);
    stream.end();
  }

  onModuleDestroy(): void {
    this.runner.stopAll();
  }
}

/** A choice that is null is not made. */
function withoutNulls(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
