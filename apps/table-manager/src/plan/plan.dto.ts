import type { PlanFormat } from '@pipeline/bigquery-tables';
import { IsIn } from 'class-validator';

/** Query of `POST /plan`. */
export class PlanQuery {
  @IsIn(['event', 'message'])
  readonly format: PlanFormat = 'event';
}
