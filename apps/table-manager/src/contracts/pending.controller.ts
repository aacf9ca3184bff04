import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import { PendingService, type PendingAnswer } from './pending.service.js';

/** Changes that contracts hold back until a person approves them. */
@Controller('contracts')
export class PendingController {
  constructor(private readonly service: PendingService) {}

  @Get('pending')
  @ApiOperation({
    summary: 'Lists changes that wait for an approval',
    description:
      'Each change once, however many events ask for it; event types (kind type) first, then the most frequent, at most 10,000; total counts all. Rejected ones are left ' +
      'out. No value is shown: samples have letters as x and digits as 9. Read at readAt: an answer older than 30 seconds is read again in the background, one older than 5 minutes is not given.',
  })
  @ApiOkResponse({
    schema: {
      example: {
        readAt: '2026-11-29T10:00:00.000Z',
        total: 1,
        approvals: [
          {
            table: 'orders',
            path: '/discount',
            kind: 'add',
            type: 'NUMERIC',
            values: 812,
            valuesPerHour: 203,
            firstMessageId: '1234',
            firstSeen: '2026-11-29T06:00:00Z',
            lastSeen: '2026-11-29T10:00:00Z',
            days: 1,
            attributes: { producer: 'checkout' },
            sample: '9.99',
            warnings: [],
            rejectedAt: null,
          },
        ],
      },
    },
  })
  @ApiResponse({ status: 503, description: 'BigQuery did not answer, or lacks a resource or permission' })
  async list(): Promise<PendingAnswer> {
    try {
      return await this.service.read();
    } catch (cause) {
      const { code, message, disposition } = CloudError.from(cause);
      throw new RequestFailure({ status: 503, code, message, details: { disposition }, cause });
    }
  }
}
