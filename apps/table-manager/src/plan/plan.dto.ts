import type { PlanFormat } from '@pipeline/bigquery-tables';
import { IsIn } from 'class-validator';

/** How a batch is to be read. */
export class PlanQuery {
  @IsIn(['event', 'message'])
  readonly format: PlanFormat = 'event';
}
