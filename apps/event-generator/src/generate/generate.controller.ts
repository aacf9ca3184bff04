import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
} from '@nestjs/swagger';
import type { EventType } from '../generation/event.js';
import { toRequestFailure } from '../publishing/publish-request-failure.js';
import { GenerateAnswer, GenerateBody, GenerateParams } from './generate.dto.js';
import { GenerateService, type GenerateResult } from './generate.service.js';

const REFUSAL = {
  error: {
    code: 'INVALID_REQUEST',
    message: 'count must not be greater than 10000',
    fields: [{ field: 'count', rule: 'max', message: 'count must not be greater than 10000' }],
  },
};

/** Generates and publishes events. Requests are answered once Pub/Sub has the events. */
@Controller('generate')
@ApiBadRequestResponse({ description: 'A rule is broken', example: REFUSAL })
@ApiServiceUnavailableResponse({
  description: 'Pub/Sub did not accept all events; details list the accepted ones',
})
export class GenerateController {
  constructor(private readonly service: GenerateService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Generate a mix of all event types and publish it' })
  @ApiBody({ type: GenerateBody, required: false })
  @ApiOkResponse({ type: GenerateAnswer })
  generateMix(@Body() body: GenerateBody): Promise<GenerateResult> {
    return this.#generate('mix', body);
  }

  @Post(':type')
  @HttpCode(200)
  @ApiOperation({ summary: 'Generate events of one type and publish them' })
  @ApiBody({ type: GenerateBody, required: false })
  @ApiOkResponse({ type: GenerateAnswer })
  generateType(@Param() params: GenerateParams, @Body() body: GenerateBody): Promise<GenerateResult> {
    return this.#generate(params.type, body);
  }

  async #generate(type: EventType | 'mix', body: GenerateBody): Promise<GenerateResult> {
    const { count, seed, attributes } = body;
    const { result, failure } = await this.service.generate({ type, count, seed, attributes });
    if (failure !== null) {
      throw toRequestFailure(failure, { ...result });
    }
    return result;
  }
}
