locals {
  # What Pub/Sub's BigQuery subscription writes with its metadata.
  # Source: cloud.google.com/pubsub/docs/bigquery (write metadata), read 2026-11-23.
  _metadata_columns = [
    { name = "subscription_name", type = "STRING", mode = "NULLABLE" },
    { name = "message_id", type = "STRING", mode = "NULLABLE" },
    { name = "publish_time", type = "TIMESTAMP", mode = "NULLABLE" },
  ]

  _raw_events_columns = concat(local._metadata_columns, [
    { name = "data", type = "BYTES", mode = "NULLABLE" },
    { name = "attributes", type = "JSON", mode = "NULLABLE" },
  ])

  _dead_letters_columns = concat(local._metadata_columns, [
    { name = "data", type = "JSON", mode = "NULLABLE" },
    { name = "attributes", type = "JSON", mode = "NULLABLE" },
  ])

  # Defined in test/contracts/tables/quarantine.json.
  _quarantine_columns = [
    { name = "message_id", type = "STRING", mode = "REQUIRED" },
    { name = "publish_time", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "event_type", type = "STRING", mode = "NULLABLE" },
    { name = "table_name", type = "STRING", mode = "NULLABLE" },
    { name = "reason", type = "STRING", mode = "REQUIRED" },
    { name = "data", type = "BYTES", mode = "NULLABLE" },
    { name = "attributes", type = "JSON", mode = "NULLABLE" },
    { name = "quarantined_at", type = "TIMESTAMP", mode = "REQUIRED" },
  ]

  # Defined in test/contracts/tables/promotions.json.
  _promotions_columns = [
    { name = "run_id", type = "STRING", mode = "REQUIRED" },
    { name = "table_name", type = "STRING", mode = "REQUIRED" },
    { name = "publish_day", type = "DATE", mode = "NULLABLE" },
    { name = "scope", type = "STRING", mode = "REQUIRED" },
    { name = "outcome", type = "STRING", mode = "REQUIRED" },
    { name = "rows_read", type = "INT64", mode = "REQUIRED" },
    { name = "rows_changed", type = "INT64", mode = "REQUIRED" },
    { name = "values_moved", type = "INT64", mode = "REQUIRED" },
    { name = "bytes_processed", type = "INT64", mode = "REQUIRED" },
    { name = "detail", type = "STRING", mode = "NULLABLE" },
    { name = "started_at", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "duration_ms", type = "INT64", mode = "REQUIRED" },
    { name = "actor", type = "STRING", mode = "REQUIRED" },
  ]

  # Defined in test/contracts/tables/backfills.json.
  _backfills_columns = [
    { name = "run_id", type = "STRING", mode = "REQUIRED" },
    { name = "outcome", type = "STRING", mode = "REQUIRED" },
    { name = "sources", type = "JSON", mode = "REQUIRED" },
    { name = "source_sha256", type = "STRING", mode = "REQUIRED" },
    { name = "options", type = "JSON", mode = "REQUIRED" },
    { name = "topic", type = "STRING", mode = "REQUIRED" },
    { name = "lines", type = "INT64", mode = "REQUIRED" },
    { name = "done_lines", type = "INT64", mode = "REQUIRED" },
    { name = "published", type = "INT64", mode = "REQUIRED" },
    { name = "known", type = "INT64", mode = "REQUIRED" },
    { name = "first_message_id", type = "STRING", mode = "NULLABLE" },
    { name = "last_message_id", type = "STRING", mode = "NULLABLE" },
    { name = "detail", type = "STRING", mode = "NULLABLE" },
    { name = "started_at", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "updated_at", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "actor", type = "STRING", mode = "REQUIRED" },
  ]

  # Defined in test/contracts/tables/actions.json.
  _actions_columns = [
    { name = "action_id", type = "STRING", mode = "REQUIRED" },
    { name = "entry", type = "STRING", mode = "REQUIRED" },
    { name = "kind", type = "STRING", mode = "REQUIRED" },
    { name = "actor", type = "STRING", mode = "REQUIRED" },
    { name = "role", type = "STRING", mode = "REQUIRED" },
    { name = "input", type = "JSON", mode = "NULLABLE" },
    { name = "preview", type = "JSON", mode = "NULLABLE" },
    { name = "outcome", type = "STRING", mode = "NULLABLE" },
    { name = "result", type = "JSON", mode = "NULLABLE" },
    { name = "detail", type = "STRING", mode = "NULLABLE" },
    { name = "recorded_at", type = "TIMESTAMP", mode = "REQUIRED" },
  ]

  # Defined in test/contracts/tables/notices.json.
  _notices_columns = [
    { name = "notice_id", type = "STRING", mode = "REQUIRED" },
    { name = "entry", type = "STRING", mode = "REQUIRED" },
    { name = "type", type = "STRING", mode = "REQUIRED" },
    { name = "table_name", type = "STRING", mode = "NULLABLE" },
    { name = "facts", type = "JSON", mode = "NULLABLE" },
    { name = "event", type = "JSON", mode = "NULLABLE" },
    { name = "message_id", type = "STRING", mode = "NULLABLE" },
    { name = "recorded_at", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "actor", type = "STRING", mode = "REQUIRED" },
  ]

  # Defined in test/contracts/tables/dismissals.json.
  _dismissals_columns = [
    { name = "message_id", type = "STRING", mode = "REQUIRED" },
    { name = "dismissed", type = "BOOL", mode = "REQUIRED" },
    { name = "reason", type = "STRING", mode = "NULLABLE" },
    { name = "dismissed_at", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "actor", type = "STRING", mode = "REQUIRED" },
  ]

  _schema_history_columns = [
    { name = "change_id", type = "STRING", mode = "REQUIRED" },
    { name = "table_name", type = "STRING", mode = "REQUIRED" },
    { name = "version", type = "INT64", mode = "REQUIRED" },
    { name = "path", type = "STRING", mode = "NULLABLE" },
    { name = "kind", type = "STRING", mode = "REQUIRED" },
    { name = "from_type", type = "STRING", mode = "NULLABLE" },
    { name = "to_type", type = "STRING", mode = "NULLABLE" },
    { name = "message_id", type = "STRING", mode = "NULLABLE" },
    { name = "sample", type = "JSON", mode = "NULLABLE" },
    { name = "changed_at", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "actor", type = "STRING", mode = "REQUIRED" },
  ]

  # Defined in libs/books/README.md.
  _ledger_columns = [
    { name = "span_start", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "span_end", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "table_name", type = "STRING", mode = "NULLABLE" },
    { name = "received", type = "INT64", mode = "REQUIRED" },
    { name = "row_count", type = "INT64", mode = "REQUIRED" },
    { name = "dead_letters", type = "INT64", mode = "REQUIRED" },
    { name = "in_progress", type = "INT64", mode = "REQUIRED" },
    { name = "unaccounted", type = "INT64", mode = "REQUIRED" },
    { name = "duplicates", type = "INT64", mode = "REQUIRED" },
    { name = "unarchived", type = "INT64", mode = "REQUIRED" },
    { name = "audited_at", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "actor", type = "STRING", mode = "REQUIRED" },
    { name = "quarantined", type = "INT64", mode = "NULLABLE" },
    { name = "dismissed", type = "INT64", mode = "NULLABLE" },
  ]

  _dead_letter_fields = [
    "reason", "stage", "detail", "event_type", "table", "message_id", "data", "service", "service_version",
  ]

  _dead_letters_query = join("\n", [
    "SELECT ${join(",\n  ", [for name in local._dead_letter_fields : "JSON_VALUE(data, '$.${name}') AS `${name}`"])},",
    "  SAFE_CAST(JSON_VALUE(data, '$.publish_time') AS TIMESTAMP) AS publish_time,",
    "  SAFE_CONVERT_BYTES_TO_STRING(FROM_BASE64(JSON_VALUE(data, '$.data'))) AS payload,",
    "  SAFE_CAST(JSON_VALUE(data, '$.attempt') AS INT64) AS attempt,",
    "  JSON_QUERY(data, '$.attributes') AS attributes,",
    "  publish_time AS dead_lettered_at",
    "FROM `${var.project_id}.${var.dataset_id}._dead_letters`",
  ])
}
