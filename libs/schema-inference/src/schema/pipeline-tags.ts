import type { Column, ColumnType } from './column.js';
import { fieldTag } from './wire-form.js';

/** The tags of the pipeline's columns that every row has. */
export interface PipelineTags {
  readonly messageId: number;
  readonly publishTime: number;
  readonly eventType: number;
  readonly ingestTime: number;
  readonly attributes: number;
}

/** Returns null if one of them is missing or has another type, as in a table made by hand. */
export function pipelineTags(columns: readonly Column[]): PipelineTags | null {
  const tagOf = (name: string, type: ColumnType): number => {
    const index = columns.findIndex((column) => column.name === name);
    const column = columns[index];
    return column?.type === type && column.mode !== 'REPEATED' ? fieldTag(column, index) : 0;
  };
  const tags = {
    messageId: tagOf('_message_id', 'STRING'),
    publishTime: tagOf('_publish_time', 'TIMESTAMP'),
    eventType: tagOf('_event_type', 'STRING'),
    ingestTime: tagOf('_ingest_time', 'TIMESTAMP'),
    attributes: tagOf('_attributes', 'JSON'),
  };
  return Object.values(tags).includes(0) ? null : tags;
}
