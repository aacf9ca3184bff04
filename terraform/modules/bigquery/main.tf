locals {
  _day_ms = 86400000

  # The tables that native subscriptions and the books need. Tables of events are made by table-manager, never here.
  _tables = {
    _raw_events = {
      dataset       = "archive"
      description   = "Every message of the topic as Pub/Sub delivered it: the archive the books are checked against."
      schema        = local._raw_events_columns
      partition     = "publish_time"
      clustering    = null
      expiration_ms = var.archive_days * local._day_ms
    }
    _dead_letters = {
      dataset       = "events"
      description   = "Every dead letter as Pub/Sub delivered it; the view dead_letters shows its fields as columns."
      schema        = local._dead_letters_columns
      partition     = "publish_time"
      clustering    = null
      expiration_ms = null
    }
    _quarantine = {
      dataset       = "events"
      description   = "Whole messages whose type may not have a table until an operator decides."
      schema        = local._quarantine_columns
      partition     = "publish_time"
      clustering    = null
      expiration_ms = null
    }
    _promotions = {
      dataset       = "events"
      description   = "One row for each table and publish day of a promotion that moved values, was too expensive, or failed."
      schema        = local._promotions_columns
      partition     = "started_at"
      clustering    = ["table_name"]
      expiration_ms = null
    }
    _backfills = {
      dataset       = "events"
      description   = "One row for each run of pipeline backfill: source, options, counts, and how it ended."
      schema        = local._backfills_columns
      partition     = "started_at"
      clustering    = null
      expiration_ms = null
    }
    _actions = {
      dataset       = "events"
      description   = "Actions of people in the console: one row before each begins, one after it."
      schema        = local._actions_columns
      partition     = "recorded_at"
      clustering    = null
      expiration_ms = null
    }
    _notices = {
      dataset       = "events"
      description   = "Notices of the topic pipeline-notices: one row when each is recorded, one when Pub/Sub has it."
      schema        = local._notices_columns
      partition     = "recorded_at"
      clustering    = null
      expiration_ms = null
    }
    _dismissals = {
      dataset       = "events"
      description   = "Dead letters that an operator dismissed, and took back: the newest row of a message counts."
      schema        = local._dismissals_columns
      partition     = "dismissed_at"
      clustering    = null
      expiration_ms = null
    }
    _schema_history = {
      dataset       = "events"
      description   = "One row per change of a table's schema: what changed, when, and the message that caused it."
      schema        = local._schema_history_columns
      partition     = "changed_at"
      clustering    = ["table_name"]
      expiration_ms = null
    }
    _ledger = {
      dataset       = "archive"
      description   = "One row per hour of publish time, table and audit: what came in against what can be queried."
      schema        = local._ledger_columns
      partition     = "span_start"
      clustering    = ["table_name"]
      expiration_ms = null
    }
  }
}

resource "google_bigquery_dataset" "events" {
  #checkov:skip=CKV_GCP_81:encrypted with keys that Google keeps; customer keys would be one more thing to lose

  project     = var.project_id
  dataset_id  = var.dataset_id
  location    = var.location
  description = "Events as typed rows: one table per event type, made and widened by table-manager."
  labels      = var.labels

  # The tables of events are not Terraform's, so they go only with the dataset and only when that may go.
  delete_contents_on_destroy = !var.deletion_protection
  deletion_policy            = var.deletion_protection ? "PREVENT" : "DELETE"
}

# The witness: the services whose books are audited against it can read it, not change it. Readers of events need not see
# raw payloads either.
resource "google_bigquery_dataset" "archive" {
  #checkov:skip=CKV_GCP_81:encrypted with keys that Google keeps; customer keys would be one more thing to lose

  project                    = var.project_id
  dataset_id                 = var.archive_dataset_id
  location                   = var.location
  description                = "Every message as Pub/Sub delivered it, and the books that were kept against it."
  labels                     = var.labels
  delete_contents_on_destroy = !var.deletion_protection
  deletion_policy            = var.deletion_protection ? "PREVENT" : "DELETE"
}

resource "google_bigquery_table" "own" {
  #checkov:skip=CKV_GCP_80:encrypted with keys that Google keeps; customer keys would be one more thing to lose
  #checkov:skip=CKV_GCP_121:on unless two variables lift it, which the scanner cannot follow; tests hold it

  for_each = local._tables

  project             = var.project_id
  dataset_id          = each.value.dataset == "archive" ? google_bigquery_dataset.archive.dataset_id : google_bigquery_dataset.events.dataset_id
  table_id            = each.key
  description         = each.value.description
  labels              = var.labels
  schema              = jsonencode(each.value.schema)
  clustering          = each.value.clustering
  deletion_protection = var.deletion_protection

  time_partitioning {
    type          = "DAY"
    field         = each.value.partition
    expiration_ms = each.value.expiration_ms
  }
}

# A view holds nothing, so it may be replaced at any time.
resource "google_bigquery_table" "dead_letters_view" {
  #checkov:skip=CKV_GCP_80:a view holds nothing
  #checkov:skip=CKV_GCP_121:a view holds nothing

  project             = var.project_id
  dataset_id          = google_bigquery_dataset.events.dataset_id
  table_id            = "dead_letters"
  description         = "Dead letters with their fields as columns: why each event was refused, and the event itself."
  labels              = var.labels
  deletion_protection = false

  view {
    use_legacy_sql = false
    query          = local._dead_letters_query
  }

  depends_on = [google_bigquery_table.own]
}
