import { Controller, Get, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { NowView } from './now.dto.js';
import { NowService } from './now.service.js';
import { NowStream } from './now.stream.js';

/** The state of the pipeline. */
@ApiTags('Now')
@Controller('api/now')
export class NowController {
  constructor(
    private readonly service: NowService,
    private readonly stream: NowStream,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getNow',
    summary: 'The books of the last day, rates and lags of the last hour, and what needs a person',
  })
  @ApiOkResponse({ type: NowView })
  read(): Promise<NowView> {
    return this.service.read();
  }

  @Sse('stream')
  @ApiOperation({
    operationId: 'followNow',
    summary:
      'The same as server-sent events: `now` for each reading, `outdated` for one to show until the first is there, `failure` with code and message for one that failed',
  })
  @ApiProduces('text/event-stream')
  follow(): Observable<MessageEvent> {
    return this.stream.messages;
  }
}
