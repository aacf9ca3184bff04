import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';

/** Query of `GET /contracts/pending`. */
export class PendingQuery {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description:
      'Wait for figures that are read after the request, for example to see a decision of another process',
  })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  readonly fresh: boolean = false;
}
