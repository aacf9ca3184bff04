import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { NowView } from './now.dto.js';
import { NowService } from './now.service.js';

/** The state of the pipeline. */
@ApiTags('Now')
@Controller('api/now')
export class NowController {
  constructor(private readonly service: NowService) {}

  @Get()
  @ApiOperation({
    operationId: 'getNow',
    summary: 'The books of the last day, rates and lags of the last hour, and what needs a person',
  })
  @ApiOkResponse({ type: NowView })
  read(): Promise<NowView> {
    return this.service.read();
  }
}
