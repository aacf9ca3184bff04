import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LocalCloud } from './local-cloud.js';
import { AddFaultBody, LocalCloudView, SetLagBody, SwitchBody } from './local-cloud.dto.js';

/** Addresses and faults of the local cloud; 404 everywhere else. */
@ApiTags('Local cloud')
@ApiNotFoundResponse({ description: 'No local cloud on this machine' })
@Controller('api/local-cloud')
export class LocalCloudController {
  constructor(private readonly cloud: LocalCloud) {}

  @Get()
  @ApiOperation({
    operationId: 'getLocalCloud',
    summary: 'Addresses of this machine, and the switches of its local cloud',
  })
  @ApiOkResponse({ type: LocalCloudView })
  read(): Promise<LocalCloudView> {
    return this.cloud.read();
  }

  @Put('metadata-lag')
  @ApiOperation({
    operationId: 'setMetadataLag',
    summary: 'Hides new tables and columns from writers for a time',
  })
  @ApiOkResponse({ type: LocalCloudView })
  setLag(@Body() { milliseconds }: SetLagBody): Promise<LocalCloudView> {
    return this.cloud.setLag(milliseconds);
  }

  @Put('rate-limit')
  @ApiOperation({ operationId: 'setRateLimit', summary: 'Limits changes of a table as BigQuery does' })
  @ApiOkResponse({ type: LocalCloudView })
  setRateLimit(@Body() { enabled }: SwitchBody): Promise<LocalCloudView> {
    return this.cloud.setRateLimit(enabled);
  }

  @Post('faults')
  @HttpCode(200)
  @ApiOperation({ operationId: 'addFault', summary: 'Adds a fault' })
  @ApiOkResponse({ type: LocalCloudView })
  addFault(@Body() { kind }: AddFaultBody): Promise<LocalCloudView> {
    return this.cloud.addFault(kind);
  }

  @Delete('faults')
  @ApiOperation({ operationId: 'endFaults', summary: 'Ends all faults' })
  @ApiOkResponse({ type: LocalCloudView })
  endFaults(): Promise<LocalCloudView> {
    return this.cloud.endFaults();
  }
}
