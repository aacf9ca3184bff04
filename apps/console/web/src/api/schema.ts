/** Generated from the OpenAPI description of the console: UPDATE_API_TYPES=1 npm run jest -- api-types */
export interface paths {
  '/api/actions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The log of actions: person, preview and outcome, the newest first */
    get: operations['listActions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/actions/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Shows what an action would do; nothing happens
     * @description The token of the answer confirms this preview for 15 minutes, once, by the same person.
     */
    post: operations['previewAction'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/actions/run': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Does what a preview showed
     * @description Answers with a line of JSON for each step: `{"step":"begun"}`, `{"step":"progress"}`, `{"step":"line"}` of an export, `{"step":"ended"}` with the outcome. Closing the connection stops an action that can be stopped.
     */
    post: operations['runAction'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Changes that wait for an approval, the most frequent first: pipeline contracts pending
     * @description Answered from memory with the age of the figures; of one table, and with rejected ones, read at once.
     */
    get: operations['getApprovals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/books': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The books of a span by hour and table, and what is unaccounted: pipeline audit */
    get: operations['getBooks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/books/estimate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Bytes that these books will read: pipeline audit --estimate */
    get: operations['estimateBooks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/books/ledger': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The hours of a span as their last audit counted them, from _ledger */
    get: operations['getLedger'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/dead-letters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Dead letters, the newest first: pipeline dead-letters list */
    get: operations['listDeadLetters'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/dead-letters/groups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Dead letters by cause, the largest group first: pipeline dead-letters groups */
    get: operations['getDeadLetterGroups'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/dead-letters/trend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Dead letters by hour, of more than three days by day */
    get: operations['getDeadLetterTrend'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Messages by a value in them, and the outcome of each: pipeline find
     * @description Answers 422 TOO_EXPENSIVE with the bytes in the message if the search would read more than maxBytes.
     */
    get: operations['findEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/events/{messageId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One message: where every value is, and why: pipeline explain */
    get: operations['getEvent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/local-cloud': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Addresses of this machine, and the switches of its local cloud */
    get: operations['getLocalCloud'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/local-cloud/faults': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Adds a fault */
    post: operations['addFault'];
    /** Ends all faults */
    delete: operations['endFaults'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/local-cloud/metadata-lag': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Hides new tables and columns from writers for a time */
    put: operations['setMetadataLag'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/local-cloud/rate-limit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Limits changes of a table as BigQuery does */
    put: operations['setRateLimit'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/now': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The books of the last day, rates and lags of the last hour, and what needs a person */
    get: operations['getNow'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/now/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The same as server-sent events: `now` for each reading, `outdated` for one to show until the first is there, `failure` with code and message for one that failed */
    get: operations['followNow'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/plan': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Shows what events would do to the tables: pipeline plan */
    post: operations['planEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The caller, and the role that decides about actions */
    get: operations['getSession'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The event tables with the rows of the last day and the last change: pipeline tables */
    get: operations['listTables'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables/{table}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One table: its columns, the rows of the last day, and what overflows: pipeline tables NAME */
    get: operations['getTable'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables/{table}/fill': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** In how many rows each column has a value; reads whole columns */
    get: operations['getFill'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables/{table}/fill/estimate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Bytes that the count of filled columns will read */
    get: operations['estimateFill'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables/{table}/sample': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The newest rows of a table
     * @description Answers 422 TOO_EXPENSIVE with the bytes in the message if it would read more than maxBytes.
     */
    get: operations['getSample'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/timeline': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Schema changes with the message that caused each, the newest last: pipeline history */
    get: operations['getTimeline'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['HealthController_getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/liveness': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['HealthController_getLiveness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['MetricsController_read'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readiness': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['HealthController_getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    ActionView: {
      actionId: string;
      /** @example console@0.1.0 (ada@example.com) */
      actor: string;
      detail: string | null;
      endedAt: string | null;
      /** @description JSON */
      input: string;
      /** @example replay */
      kind: string;
      /** @description Null while it runs, and for ever if it was cut off */
      outcome: string | null;
      /** @description JSON: what the person confirmed */
      preview: string;
      /** @description JSON */
      result: string | null;
      /** @enum {string} */
      role: 'viewer' | 'operator' | 'admin';
      /** Format: date-time */
      startedAt: string;
    };
    ActivityView: {
      /** Format: date-time */
      lastPublishedAt: string;
      /** @description Longest time from publishing to the row, in milliseconds */
      longestLagMs: number;
      overflowedRows: number;
      rows: number;
      /** Format: date-time */
      start: string;
      table: string;
    };
    AddFaultBody: {
      /**
       * @description `refused`: each fourth append fails; `slow`: appends take 2 s more; `broken`: each tenth breaks the connection; `quota`: no table can be changed
       * @enum {string}
       */
      kind: 'refused' | 'slow' | 'broken' | 'quota';
    };
    AddressView: {
      name: string;
      url: string;
    };
    ApprovalCostView: {
      /** @description Bytes that it would process, by dry runs */
      bytes: number | null;
      /** @description Days of publish time that are read */
      days: number | null;
      table: string;
      /** @description Why they are not known */
      unknown: string | null;
    };
    ApprovalsView: {
      /** @description Seconds since then */
      ageSeconds: number;
      approvals: components['schemas']['ApprovalView'][];
      costs: components['schemas']['ApprovalCostView'][];
      failure: components['schemas']['ReadFailureView'] | null;
      /** Format: date-time */
      readAt: string;
      total: number;
    };
    ApprovalView: {
      /** @description Attributes of the newest message: they name its producer */
      attributes: {
        [key: string]: string;
      };
      /** @description Days of publish time in which values wait */
      days: number;
      /** @description The event type, if `kind` is `type` */
      eventType?: string;
      firstMessageId: string;
      /** Format: date-time */
      firstSeen: string;
      /** @enum {string} */
      kind: 'add' | 'widen' | 'type';
      /** Format: date-time */
      lastSeen: string;
      /**
       * @description RFC 6901 with `*` for array indexes; empty for an event type
       * @example /discount
       */
      path: string;
      rejectedAt: string | null;
      /** @description Letters as x, digits as 9 */
      sample: string;
      table: string;
      /** @description Type that the newest value asks for */
      type: string | null;
      /** @description Values that wait */
      values: number;
      valuesPerHour: number;
      warnings: string[];
    };
    BooksView: {
      /** Format: date-time */
      auditedAt: string;
      estimatedBytes: number | null;
      /** @description By hour, then table */
      lines: components['schemas']['LineView'][];
      /** @description The oldest ones, 1,000 at most */
      mistimed: components['schemas']['MistimedView'][];
      span: components['schemas']['SpanView'];
      totals: components['schemas']['CountsView'];
      /** @description The oldest ones, 1,000 at most */
      unaccounted: components['schemas']['UnaccountedView'][];
    };
    CapacityWarningView: {
      limit: number;
      /** @description Column names; empty for the table itself */
      path: string[];
      percent: number;
      used: number;
    };
    ChangeView: {
      /** @description `unknown` for a change that the pipeline did not make */
      actor: string;
      /** @description Milliseconds since 1970 */
      changedAtMs: number;
      changeId: string;
      fromType: string | null;
      /** @example ADD_COLUMN */
      kind: string;
      /** @description The message that caused it */
      messageId: string | null;
      /** @description Dotted path of the column; null for the table itself */
      path: string | null;
      /** @description Shape of the value: types, never values */
      sample: Record<string, never> | null;
      tableId: string;
      toType: string | null;
      version: number;
    };
    ColumnUseView: {
      budget: number;
      used: number;
    };
    ColumnView: {
      /** @description Milliseconds since 1970 */
      addedAtMs: number | null;
      description: string | null;
      /** @description The message that caused it */
      firstMessageId: string | null;
      mode: string;
      /** @description Names joined by dots */
      path: string;
      type: string;
    };
    ConcernView: {
      count: number;
      /** @enum {string} */
      kind: 'unaccounted' | 'mistimed' | 'dead-letters' | 'quarantined' | 'overflow';
      /** @description Place in the event */
      path: string | null;
      reason: string | null;
      /** @description A message as an example */
      sampleMessageId: string | null;
      /** @enum {string} */
      severity: 'critical' | 'warning' | 'notice';
      table: string | null;
    };
    ConflictSampleView: {
      line: number;
      pointer: string;
    };
    ConflictView: {
      at: string;
      count: number;
      reason: string;
      sample: components['schemas']['ConflictSampleView'];
    };
    CopyView: {
      ingestedAt: string | null;
      /** @description 0 as first written; promotion adds one */
      revision: number;
    };
    CountsView: {
      deadLetters: number;
      /** @description Dead letters that an operator dismissed */
      dismissed: number;
      /** @description Rows beyond the first of a message */
      duplicates: number;
      inProgress: number;
      /** @description Messages whose row has another publish time than the archive */
      mistimed: number;
      quarantined: number;
      received: number;
      rows: number;
      unaccounted: number;
      /** @description Messages that have a row and are not in the archive */
      unarchived: number;
    };
    DeadLetterGroupView: {
      eventType: string | null;
      /** Format: date-time */
      firstSeen: string;
      /** Format: date-time */
      lastSeen: string;
      letters: number;
      messages: number;
      /** @description Place in the event */
      path: string | null;
      reason: string | null;
      sampleDetail: string | null;
      sampleMessageId: string | null;
      stage: string | null;
      table: string | null;
    };
    DeadLettersView: {
      deadLetters: components['schemas']['DeadLetterView'][];
      /** @description Dead letters that meet the conditions */
      total: number;
    };
    DeadLetterTimeView: {
      letters: number;
      /** Format: date-time */
      start: string;
    };
    DeadLetterTrendView: {
      /** @enum {string} */
      by: 'HOUR' | 'DAY';
      /** Format: date-time */
      from: string;
      times: components['schemas']['DeadLetterTimeView'][];
      /** Format: date-time */
      to: string;
    };
    DeadLetterView: {
      attempt: number;
      /** Format: date-time */
      deadLetteredAt: string;
      detail: string | null;
      eventType: string | null;
      messageId: string | null;
      path: string | null;
      publishedAt: string | null;
      reason: string | null;
      service: string | null;
      stage: string | null;
      table: string | null;
    };
    DecideInput: {
      /**
       * @description Path as the list of pending changes has it; empty for an event type
       * @example /discount
       */
      path: string;
      /** @description The reason, for the history; required to reject */
      reason?: string;
      /**
       * @description Name of an event table, also of one that a new event type would get
       * @example orders
       */
      table: string;
    };
    DeepAuditInput: {
      /**
       * @description Published from here on
       * @example 24h
       */
      since?: string;
      /** @description Only rows of this table */
      table?: string;
      /**
       * @description Published before; now when absent
       * @example 2026-11-24
       */
      until?: string;
    };
    DismissInput: {
      /** @description The reason, for the next reader; required unless `undo` */
      because?: string;
      eventType?: string;
      /** @description Only these messages, dismissed or not */
      messageIds?: string[];
      reason?: string;
      /**
       * @description Published from here on
       * @example 24h
       */
      since?: string;
      table?: string;
      /** @description Takes the mark back */
      undo?: boolean;
      /**
       * @description Published before; now when absent
       * @example 2026-11-24
       */
      until?: string;
    };
    EstimateView: {
      /** @description Bytes by a dry run, which is free */
      estimatedBytes: number;
    };
    EventsInput: {
      /** @description Attribute `event_type` of every message */
      eventType?: string;
      /** @description Events as NDJSON, or one JSON array */
      text: string;
    };
    EventView: {
      /** @description Values that the row does not have as they were published */
      altered: number;
      copies: components['schemas']['CopyView'][];
      deadLetters: components['schemas']['DeadLetterView'][];
      eventType: string | null;
      /** @description Values that are in a column */
      inColumns: number;
      /** @description Values that are in _overflow */
      inOverflow: number;
      /** @description Values of the event */
      leafCount: number;
      /** @description The first 5,000 */
      leaves: components['schemas']['LeafView'][];
      messageId: string;
      /** @description row, dead-letter, quarantined, in-progress, unaccounted or unknown */
      outcome: string;
      publishedAt: string | null;
      raw: components['schemas']['RawView'] | null;
      /** @description The outcome and the remedy, sentence by sentence */
      summary: string[];
      table: string | null;
    };
    ExportInput: {
      eventType?: string;
      /** @description Only these messages, dismissed or not */
      messageIds?: string[];
      reason?: string;
      /**
       * @description Published from here on
       * @example 24h
       */
      since?: string;
      table?: string;
      /**
       * @description Published before; now when absent
       * @example 2026-11-24
       */
      until?: string;
    };
    FaultView: {
      /** @example error */
      effect: string;
      /** @description Calls that it hit */
      hits: number;
      id: string;
      /** @example AppendRows */
      method: string;
      /** @description Share of the calls that it hits */
      rate: number;
    };
    FillView: {
      /** @description Rows by path */
      filled: {
        [key: string]: number;
      };
      rows: number;
    };
    FoundView: {
      detail: string | null;
      /**
       * @description `none`: in progress or unaccounted
       * @enum {string}
       */
      kind: 'row' | 'dead-letter' | 'quarantined' | 'none';
      messageId: string;
      /** Format: date-time */
      publishedAt: string;
      reason: string | null;
      table: string | null;
    };
    LastChangeView: {
      actor: string;
      /** @description Milliseconds since 1970 */
      changedAtMs: number;
      /** @example ADD_COLUMN */
      kind: string;
      path: string | null;
    };
    LeafView: {
      column: string | null;
      isExact: boolean;
      /** @description JSON text as it was published, cut; null unless values are asked for */
      json: string | null;
      /** @description Characters of the whole JSON text */
      jsonLength: number | null;
      /** @enum {string} */
      place: 'column' | 'overflow' | 'nowhere';
      /** @description RFC 6901 */
      pointer: string;
      /** @description Reason of an overflow */
      reason: string | null;
      type: string | null;
      words: string;
    };
    LedgerHourView: {
      /** Format: date-time */
      auditedAt: string;
      deadLetters: number;
      /** Format: date-time */
      hour: string;
      inProgress: number;
      received: number;
      rows: number;
      unaccounted: number;
    };
    LineView: {
      deadLetters: number;
      /** @description Dead letters that an operator dismissed */
      dismissed: number;
      /** @description Rows beyond the first of a message */
      duplicates: number;
      /** Format: date-time */
      hour: string;
      inProgress: number;
      /** @description Messages whose row has another publish time than the archive */
      mistimed: number;
      quarantined: number;
      received: number;
      rows: number;
      table: string | null;
      unaccounted: number;
      /** @description Messages that have a row and are not in the archive */
      unarchived: number;
    };
    LocalCloudView: {
      addresses: components['schemas']['AddressView'][];
      faults: components['schemas']['FaultView'][];
      /** @description How long writers do not see new tables and columns */
      metadataLagMs: number;
      /** @description Changes of a table are limited as BigQuery limits them */
      metadataRateLimit: boolean;
    };
    MinuteView: {
      longestLagMs: number;
      rows: number;
      /** Format: date-time */
      start: string;
    };
    MistimedView: {
      messageId: string;
      /** Format: date-time */
      publishedAt: string;
      table: string;
    };
    NowView: {
      /** @description The worst first */
      concerns: components['schemas']['ConcernView'][];
      /** @description True for the local cloud */
      isLocal: boolean;
      /** @description The last hour, minutes without rows left out */
      minutes: components['schemas']['MinuteView'][];
      /** @description Seconds until the figures are read again */
      refreshSeconds: number;
      span: components['schemas']['SpanView'];
      tables: components['schemas']['TableNowView'][];
      /** Format: date-time */
      takenAt: string;
      totals: components['schemas']['CountsView'];
    };
    ObstacleView: {
      detail: string | null;
      /** @example deferred */
      outcome: string;
    };
    OverflowView: {
      /** Format: date-time */
      firstSeen: string;
      /** Format: date-time */
      lastSeen: string;
      /** @description RFC 6901, with * for array indexes */
      path: string;
      reason: string | null;
      sampleMessageId: string;
      samplePointer: string;
      table: string;
      values: number;
    };
    PlannedChangeView: {
      from: string | null;
      kind: string;
      path: string | null;
      to: string | null;
    };
    PlannedTableView: {
      /** @enum {string} */
      action: 'create' | 'change' | 'unchanged' | 'unusable';
      changes: components['schemas']['PlannedChangeView'][];
      columns: components['schemas']['ColumnUseView'];
      conflicts: components['schemas']['ConflictView'][];
      ddl: string[];
      events: number;
      eventTypes: string[];
      /**
       * @description Why no event creates the table: its events go whole to _quarantine, or are dead letters
       * @enum {string}
       */
      held?: 'AWAITING_APPROVAL' | 'TABLE_GUARD' | 'TYPE_NOT_ALLOWED';
      problem: string | null;
      table: string;
      warnings: components['schemas']['CapacityWarningView'][];
    };
    PlanView: {
      events: number;
      rejected: components['schemas']['RejectedRowsView'];
      tables: components['schemas']['PlannedTableView'][];
      /** @description Events of more tables than one plan takes */
      unplanned: number;
    };
    PreviewBody: {
      /** @description The choices of the action */
      input:
        | components['schemas']['ReplayInput']
        | components['schemas']['DismissInput']
        | components['schemas']['ExportInput']
        | components['schemas']['PromoteInput']
        | components['schemas']['RetypeInput']
        | components['schemas']['DecideInput']
        | components['schemas']['DeepAuditInput']
        | components['schemas']['EventsInput'];
      /** @enum {string} */
      kind:
        | 'replay'
        | 'dismiss'
        | 'export'
        | 'promote'
        | 'retype'
        | 'approve'
        | 'reject'
        | 'deep-audit'
        | 'publish';
    };
    PreviewView: {
      /** Format: date-time */
      expiresAt: string;
      /** @description What would happen: the `--json` of the dry run of the same command */
      figures: Record<string, never>;
      /** @description The choices with absolute times */
      input: Record<string, never>;
      /** @enum {string} */
      kind:
        | 'replay'
        | 'dismiss'
        | 'export'
        | 'promote'
        | 'retype'
        | 'approve'
        | 'reject'
        | 'deep-audit'
        | 'publish';
      /** @description Confirms exactly this preview, once */
      token: string;
    };
    PromoteInput: {
      /**
       * @description Published from here on
       * @example 24h
       */
      since?: string;
      /**
       * @description Name of an event table
       * @example orders
       */
      table: string;
      /**
       * @description Published before; now when absent
       * @example 2026-11-24
       */
      until?: string;
    };
    RawView: {
      attributes: {
        [key: string]: string;
      } | null;
      bytes: number;
      /** @description As UTF-8, cut; null unless values are asked for */
      text: string | null;
      textLength: number;
    };
    ReadFailureView: {
      code: string;
      message: string;
    };
    RejectedRowsView: {
      byCode: {
        [key: string]: number;
      };
      count: number;
      samples: components['schemas']['RejectedRowView'][];
    };
    RejectedRowView: {
      code: string;
      detail: string;
      /** @description From 1 */
      line: number;
    };
    ReplayInput: {
      /** @description New content of one message, published as a message of its own */
      event?: string;
      eventType?: string;
      /** @description Also what would be a dead letter again, or had four attempts */
      force?: boolean;
      /** @description Only these messages, dismissed or not */
      messageIds?: string[];
      /** @description JSON Patch (RFC 6902), applied to every message */
      patch?: string;
      reason?: string;
      /**
       * @description Published from here on
       * @example 24h
       */
      since?: string;
      /** @description Publishes each element of an array, or each line, by itself */
      split?: boolean;
      table?: string;
      /**
       * @description Published before; now when absent
       * @example 2026-11-24
       */
      until?: string;
    };
    RetypeInput: {
      /**
       * @description Column, or a field by its path
       * @example items.price
       */
      column: string;
      /** @description With STRING: numbers become their text */
      numbersAsText?: boolean;
      /**
       * @description Name of an event table
       * @example orders
       */
      table: string;
      /**
       * @description BOOL, INT64, NUMERIC, BIGNUMERIC, FLOAT64, STRING, DATE, DATETIME, TIMESTAMP, JSON, or ARRAY<…> of one
       * @example NUMERIC
       */
      type: string;
    };
    RunBody: {
      /** @description Token of the preview */
      token: string;
    };
    SampleRowView: {
      /** @description JSON text by column, cut; columns without a value are left out; null unless values are asked for */
      cells: {
        [key: string]: string;
      } | null;
      messageId: string;
      /** Format: date-time */
      publishedAt: string;
    };
    SampleView: {
      /** @description The first 50 columns of the table */
      columns: string[];
      /** @description The newest first, 10 at most */
      rows: components['schemas']['SampleRowView'][];
    };
    SearchView: {
      /** @description Bytes that the search read, by its dry run */
      estimatedBytes: number;
      messages: components['schemas']['FoundView'][];
      total: number;
    };
    SessionView: {
      /**
       * @description Repository of the contracts; null if the service does not know it
       * @example https://github.com/example/contracts
       */
      contractsRepository: string | null;
      /** @description True for the local cloud, where events may be published */
      isLocal: boolean;
      /** @example ada@example.com */
      person: string;
      /** @enum {string} */
      role: 'viewer' | 'operator' | 'admin';
    };
    SetLagBody: {
      milliseconds: number;
    };
    SpanView: {
      /** Format: date-time */
      from: string;
      /**
       * Format: date-time
       * @description Exclusive
       */
      to: string;
    };
    SwitchBody: {
      enabled: boolean;
    };
    TableNowView: {
      deadLetters: number;
      /** @description Dead letters that an operator dismissed */
      dismissed: number;
      /** @description Rows beyond the first of a message */
      duplicates: number;
      inProgress: number;
      lastPublishedAt: string | null;
      /** @description Longest time from publishing to the row in the last hour, in milliseconds */
      longestLagMs: number | null;
      /** @description Messages whose row has another publish time than the archive */
      mistimed: number;
      quarantined: number;
      received: number;
      rows: number;
      /** @description Rows published in the last whole minute */
      rowsLastMinute: number;
      /** @description null for messages without a table */
      table: string | null;
      unaccounted: number;
      /** @description Messages that have a row and are not in the archive */
      unarchived: number;
    };
    TableSummaryView: {
      /** @description Columns and nested fields */
      columns: number;
      /** Format: date-time */
      createdAt: string;
      lastChange: components['schemas']['LastChangeView'] | null;
      /** @description Newest publish time in the span */
      lastPublishedAt: string | null;
      /**
       * @description The contract's verb for new columns; `evolve` without a contract
       * @enum {string}
       */
      newColumns: 'evolve' | 'approve' | 'overflow';
      /** @description Rows of the span with a value in _overflow */
      overflowedRows: number;
      /** @description Rows published in the span, copies included */
      rows: number;
      table: string;
      /**
       * @description The contract's verb for wider types
       * @enum {string}
       */
      typeChanges: 'evolve' | 'approve' | 'overflow';
      /** @description Of the last two days; null if none do */
      waiting: components['schemas']['WaitingView'] | null;
    };
    TablesView: {
      /** @description Columns after which a table is closed */
      columnBudget: number;
      tables: components['schemas']['TableSummaryView'][];
    };
    TableView: {
      /** @description The last day by hour */
      activity: components['schemas']['ActivityView'][];
      /** @description Takes no new columns */
      closed: boolean;
      columnBudget: number;
      columns: components['schemas']['ColumnView'][];
      /** Format: date-time */
      createdAt: string;
      /**
       * @description The contract's verb for new columns; `evolve` without a contract
       * @enum {string}
       */
      newColumns: 'evolve' | 'approve' | 'overflow';
      /** @description Of the last day, the most frequent first */
      overflow: components['schemas']['OverflowView'][];
      table: string;
      /**
       * @description The contract's verb for wider types
       * @enum {string}
       */
      typeChanges: 'evolve' | 'approve' | 'overflow';
    };
    TimelineView: {
      changes: components['schemas']['ChangeView'][];
      /** @description Changes in the span */
      total: number;
    };
    UnaccountedView: {
      messageId: string;
      /** Format: date-time */
      publishedAt: string;
    };
    WaitingView: {
      /** @description For a person to approve a change */
      awaitingApproval: number;
      /** @description For a column, which promotion moves them to */
      awaitingColumn: number;
      obstacle: components['schemas']['ObstacleView'] | null;
      table: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listActions: {
    parameters: {
      query?: {
        /** @description The newest actions */
        limit?: number;
        /** @description Published from here on */
        since?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ActionView'][];
        };
      };
    };
  };
  previewAction: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PreviewBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PreviewView'];
        };
      };
      /** @description The role of the caller does not allow it */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  runAction: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RunBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': string;
        };
      };
      /** @description The role of the caller does not allow it */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The preview was used, has expired, or is of another person */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getApprovals: {
    parameters: {
      query?: {
        /** @description Wait for figures that are read after the request */
        fresh?: boolean;
        limit?: number;
        /** @description Rejected changes too */
        rejected?: boolean;
        /** @description Only changes of this table */
        table?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApprovalsView'];
        };
      };
    };
  };
  getBooks: {
    parameters: {
      query?: {
        /** @description Most bytes that BigQuery may read; by default the setting MAX_BYTES */
        maxBytes?: number;
        /** @description Published from here on */
        since?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BooksView'];
        };
      };
    };
  };
  estimateBooks: {
    parameters: {
      query?: {
        /** @description Published from here on */
        since?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EstimateView'];
        };
      };
    };
  };
  getLedger: {
    parameters: {
      query?: {
        /** @description Published from here on */
        since?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LedgerHourView'][];
        };
      };
    };
  };
  listDeadLetters: {
    parameters: {
      query?: {
        eventType?: string;
        /** @description The newest ones */
        limit?: number;
        reason?: string;
        /** @description Published from here on */
        since?: string;
        table?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeadLettersView'];
        };
      };
    };
  };
  getDeadLetterGroups: {
    parameters: {
      query?: {
        eventType?: string;
        reason?: string;
        /** @description Published from here on */
        since?: string;
        table?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeadLetterGroupView'][];
        };
      };
    };
  };
  getDeadLetterTrend: {
    parameters: {
      query?: {
        eventType?: string;
        reason?: string;
        /** @description Published from here on */
        since?: string;
        table?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeadLetterTrendView'];
        };
      };
    };
  };
  findEvents: {
    parameters: {
      query: {
        /** @description The newest messages */
        limit?: number;
        /** @description Most bytes that BigQuery may read; by default the setting MAX_BYTES */
        maxBytes?: number;
        /** @description Published from here on */
        since?: string;
        /** @description Published before; now when absent */
        until?: string;
        /** @description Text, or a condition on a column */
        value: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SearchView'];
        };
      };
    };
  };
  getEvent: {
    parameters: {
      query?: {
        /** @description Published from here on */
        since?: string;
        /** @description Published before; now when absent */
        until?: string;
        /** @description Include values and bytes */
        values?: boolean;
      };
      header?: never;
      path: {
        /** @description Id that Pub/Sub gave the message */
        messageId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventView'];
        };
      };
    };
  };
  getLocalCloud: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LocalCloudView'];
        };
      };
      /** @description No local cloud on this machine */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  addFault: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AddFaultBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LocalCloudView'];
        };
      };
      /** @description No local cloud on this machine */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  endFaults: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LocalCloudView'];
        };
      };
      /** @description No local cloud on this machine */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  setMetadataLag: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SetLagBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LocalCloudView'];
        };
      };
      /** @description No local cloud on this machine */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  setRateLimit: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SwitchBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LocalCloudView'];
        };
      };
      /** @description No local cloud on this machine */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getNow: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NowView'];
        };
      };
    };
  };
  followNow: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  planEvents: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EventsInput'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PlanView'];
        };
      };
    };
  };
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SessionView'];
        };
      };
    };
  };
  listTables: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TablesView'];
        };
      };
    };
  };
  getTable: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of an event table */
        table: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TableView'];
        };
      };
      /** @description The table does not exist; the nearest name is said */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getFill: {
    parameters: {
      query?: {
        /** @description Most bytes that BigQuery may read; by default the setting MAX_BYTES */
        maxBytes?: number;
        /** @description Published from here on */
        since?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path: {
        /** @description Name of an event table */
        table: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FillView'];
        };
      };
    };
  };
  estimateFill: {
    parameters: {
      query?: {
        /** @description Published from here on */
        since?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path: {
        /** @description Name of an event table */
        table: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EstimateView'];
        };
      };
    };
  };
  getSample: {
    parameters: {
      query?: {
        /** @description Most bytes that BigQuery may read; by default the setting MAX_BYTES */
        maxBytes?: number;
        /** @description Published from here on */
        since?: string;
        /** @description Published before; now when absent */
        until?: string;
        /** @description Include values */
        values?: boolean;
      };
      header?: never;
      path: {
        /** @description Name of an event table */
        table: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SampleView'];
        };
      };
    };
  };
  getTimeline: {
    parameters: {
      query?: {
        /** @description The newest changes */
        limit?: number;
        /** @description Published from here on */
        since?: string;
        /** @description Only changes of this table */
        table?: string;
        /** @description Published before; now when absent */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TimelineView'];
        };
      };
    };
  };
  HealthController_getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  HealthController_getLiveness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  MetricsController_read: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  HealthController_getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
}
