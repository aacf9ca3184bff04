import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { ActionOutcome, LoggedAction } from '@pipeline/books';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsString, Max, MaxLength, Min } from 'class-validator';
import { Instant, Optional, Text, TextOrNull } from '../api/properties.js';
import { SpanQuery } from '../api/span.query.js';
import { ROLES } from '../access/role.js';
import { ACTION_NAMES, type ActionName } from './action.js';
import { DecideInput } from './decide.action.js';
import { DeepAuditInput } from './deep-audit.action.js';
import { DismissInput } from './dismiss.action.js';
import { ExportInput } from './export.action.js';
import { PromoteInput } from './promote.action.js';
import { EventsInput } from './publish.action.js';
import { ReplayInput } from './replay.action.js';
import { RetypeInput } from './retype.action.js';

const INPUTS = [
  ReplayInput,
  DismissInput,
  ExportInput,
  PromoteInput,
  RetypeInput,
  DecideInput,
  DeepAuditInput,
  EventsInput,
];

/** An action to preview. */
@ApiExtraModels(...INPUTS)
export class PreviewBody {
  @ApiProperty({ enum: ACTION_NAMES })
  @IsIn(ACTION_NAMES)
  readonly kind!: ActionName;

  @ApiProperty({
    description: 'The choices of the action',
    oneOf: INPUTS.map((input) => ({ $ref: getSchemaPath(input) })),
  })
  @IsObject()
  readonly input!: object;
}

/** The effect of an action before it begins. */
export class PreviewView {
  @Text({ description: 'Confirms exactly this preview, once' }) readonly token!: string;
  @ApiProperty({ enum: ACTION_NAMES }) readonly kind!: ActionName;
  @Instant() readonly expiresAt!: string;
  @ApiProperty({ type: Object, description: 'The choices with absolute times' }) readonly input!: object;
  @ApiProperty({
    type: Object,
    description: 'What would happen: the `--json` of the dry run of the same command',
  })
  readonly figures!: object;
}

/** The confirmation of a preview. */
export class RunBody {
  @Text({ description: 'Token of the preview' })
  @IsString()
  @MaxLength(100)
  readonly token!: string;
}

/** Query of the log. */
export class ActionsQuery extends SpanQuery {
  @Optional({ type: 'integer', description: 'The newest actions', minimum: 1, maximum: 1_000, default: 100 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly limit: number = 100;
}

/** One action of the log. */
export class ActionView implements LoggedAction {
  @Text() readonly actionId!: string;
  @Text({ example: 'replay' }) readonly kind!: string;
  @Text({ example: 'console@0.1.0 (ada@example.com)' }) readonly actor!: string;
  @Text({ enum: ROLES }) readonly role!: string;
  @Text({ description: 'JSON' }) readonly input!: string;
  @Text({ description: 'JSON: what the person confirmed' }) readonly preview!: string;
  @Instant() readonly startedAt!: string;
  @TextOrNull() readonly endedAt!: string | null;
  @TextOrNull({ description: 'Null while it runs, and for ever if it was cut off' })
  readonly outcome!: ActionOutcome | null;
  @TextOrNull({ description: 'JSON' }) readonly result!: string | null;
  @TextOrNull() readonly detail!: string | null;
}
