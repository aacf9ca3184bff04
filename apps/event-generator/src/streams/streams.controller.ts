import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import { RequestFailure } from '@pipeline/platform';
import { StreamAnswer, StreamBody, StreamParams } from './streams.dto.js';
import { MAX_RUNNING_STREAMS, StreamsService, type StreamReport } from './streams.service.js';

/** Streams of events at a steady rate. */
@Controller('streams')
export class StreamsController {
  constructor(private readonly streams: StreamsService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Start a stream; responds immediately' })
  @ApiBody({ type: StreamBody, required: false })
  @ApiCreatedResponse({ type: StreamAnswer })
  @ApiBadRequestResponse({ description: 'A rule is broken' })
  @ApiTooManyRequestsResponse({ description: `${MAX_RUNNING_STREAMS} streams are running already` })
  startStream(@Body() body: StreamBody): StreamReport {
    const { source, ratePerSecond, durationSeconds, seed, attributes } = body;
    const started = this.streams.start({ source, ratePerSecond, durationSeconds, seed, attributes });
    if (started === null) {
      throw new RequestFailure({
        status: 429,
        code: 'TOO_MANY_STREAMS',
        message: `${MAX_RUNNING_STREAMS} streams are running already; end one with DELETE /streams/:id, or wait.`,
      });
    }
    return started;
  }

  @Get()
  @ApiOperation({ summary: 'The streams of this process, including ended ones' })
  @ApiOkResponse({ type: [StreamAnswer] })
  getStreams(): { readonly streams: readonly StreamReport[] } {
    return { streams: this.streams.list() };
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a stream' })
  @ApiOkResponse({ type: StreamAnswer })
  @ApiBadRequestResponse({ description: 'The id is not a UUID' })
  @ApiNotFoundResponse({ description: 'The stream does not exist' })
  getStream(@Param() { id }: StreamParams): StreamReport {
    return found(this.streams.find(id), id);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'End a stream; responds when it has stopped publishing' })
  @ApiOkResponse({ type: StreamAnswer })
  @ApiBadRequestResponse({ description: 'The id is not a UUID' })
  @ApiNotFoundResponse({ description: 'The stream does not exist' })
  async stopStream(@Param() { id }: StreamParams): Promise<StreamReport> {
    return found(await this.streams.stop(id), id);
  }
}

function found(stream: StreamReport | null, id: string): StreamReport {
  if (stream === null) {
    throw new RequestFailure({
      status: 404,
      code: 'STREAM_NOT_FOUND',
      message: `This process has no stream ${id}; GET /streams lists its streams.`,
    });
  }
  return stream;
}
