mock_provider "google" {}

variables {
  project_id         = "example-project"
  dataset_id         = "prod_events_dataset"
  archive_dataset_id = "prod_events_archive"
  location           = "us-central1"
}

run "only_the_pipelines_own_tables_are_terraforms" {
  command = plan

  assert {
    condition     = keys(google_bigquery_table.own) == ["_actions", "_backfills", "_dead_letters", "_dismissals", "_ledger", "_notices", "_promotions", "_quarantine", "_raw_events", "_schema_history"]
    error_message = "Tables of events are made by table-manager, never by Terraform."
  }

  assert {
    condition     = output.tables["_raw_events"] == "example-project.prod_events_archive._raw_events"
    error_message = "Tables are named as subscriptions want them."
  }
}

run "archive_and_ledger_are_in_a_dataset_of_their_own" {
  command = plan

  assert {
    condition = { for id, table in google_bigquery_table.own : id => table.dataset_id } == {
      _actions        = "prod_events_dataset"
      _backfills      = "prod_events_dataset"
      _dead_letters   = "prod_events_dataset"
      _dismissals     = "prod_events_dataset"
      _ledger         = "prod_events_archive"
      _notices        = "prod_events_dataset"
      _promotions     = "prod_events_dataset"
      _quarantine     = "prod_events_dataset"
      _raw_events     = "prod_events_archive"
      _schema_history = "prod_events_dataset"
    }
    error_message = "The audited must not be able to change what it is audited against."
  }
}

run "roles_that_change_the_archive_are_refused" {
  command = plan

  variables {
    archive_iam = { "roles/bigquery.dataEditor" = ["serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com"] }
  }

  expect_failures = [var.archive_iam]
}

run "columns_are_those_that_pubsub_writes" {
  command = plan

  assert {
    condition = [for column in jsondecode(google_bigquery_table.own["_raw_events"].schema) : "${column.name} ${column.type}"] == [
      "subscription_name STRING", "message_id STRING", "publish_time TIMESTAMP", "data BYTES", "attributes JSON",
    ]
    error_message = "The archive keeps the bytes of a message as they were."
  }

  assert {
    condition = [for column in jsondecode(google_bigquery_table.own["_dead_letters"].schema) : "${column.name} ${column.type}"] == [
      "subscription_name STRING", "message_id STRING", "publish_time TIMESTAMP", "data JSON", "attributes JSON",
    ]
    error_message = "A dead letter is JSON."
  }
}

run "history_and_ledger_have_the_columns_of_their_writers" {
  command = plan

  assert {
    condition = [for column in jsondecode(google_bigquery_table.own["_schema_history"].schema) : "${column.name} ${column.type} ${column.mode}"] == [
      "change_id STRING REQUIRED", "table_name STRING REQUIRED", "version INT64 REQUIRED", "path STRING NULLABLE",
      "kind STRING REQUIRED", "from_type STRING NULLABLE", "to_type STRING NULLABLE", "message_id STRING NULLABLE",
      "sample JSON NULLABLE", "changed_at TIMESTAMP REQUIRED", "actor STRING REQUIRED",
    ]
    error_message = "_schema_history has the columns that table-manager writes."
  }

  assert {
    condition = [for column in jsondecode(google_bigquery_table.own["_ledger"].schema) : "${column.name} ${column.type} ${column.mode}"] == [
      "span_start TIMESTAMP REQUIRED", "span_end TIMESTAMP REQUIRED", "table_name STRING NULLABLE", "received INT64 REQUIRED",
      "row_count INT64 REQUIRED", "dead_letters INT64 REQUIRED", "in_progress INT64 REQUIRED", "unaccounted INT64 REQUIRED",
      "duplicates INT64 REQUIRED", "unarchived INT64 REQUIRED", "audited_at TIMESTAMP REQUIRED", "actor STRING REQUIRED",
      "quarantined INT64 NULLABLE", "dismissed INT64 NULLABLE",
    ]
    error_message = "_ledger has the columns that the books write."
  }
}

run "partitions_and_expiration" {
  command = plan

  assert {
    condition = { for id, table in google_bigquery_table.own : id => "${table.time_partitioning[0].type} ${table.time_partitioning[0].field}" } == {
      _actions        = "DAY recorded_at"
      _backfills      = "DAY started_at"
      _dismissals     = "DAY dismissed_at"
      _notices        = "DAY recorded_at"
      _promotions     = "DAY started_at"
      _quarantine     = "DAY publish_time"
      _raw_events     = "DAY publish_time"
      _dead_letters   = "DAY publish_time"
      _schema_history = "DAY changed_at"
      _ledger         = "DAY span_start"
    }
    error_message = "Every own table is partitioned by day."
  }

  assert {
    condition     = google_bigquery_table.own["_raw_events"].time_partitioning[0].expiration_ms == 2592000000
    error_message = "The archive keeps thirty days."
  }

  assert {
    condition     = google_bigquery_table.own["_schema_history"].clustering == tolist(["table_name"]) && google_bigquery_table.own["_ledger"].clustering == tolist(["table_name"])
    error_message = "History and ledger are clustered by table."
  }
}

run "data_is_protected_by_default" {
  command = plan

  assert {
    condition     = google_bigquery_dataset.events.deletion_policy == "PREVENT" && !google_bigquery_dataset.events.delete_contents_on_destroy
    error_message = "The dataset is neither deleted nor emptied."
  }

  assert {
    condition     = alltrue([for table in google_bigquery_table.own : table.deletion_protection])
    error_message = "The pipeline's own tables are protected."
  }
}

run "protection_can_be_lifted" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = google_bigquery_dataset.events.deletion_policy == "DELETE" && google_bigquery_dataset.events.delete_contents_on_destroy
    error_message = "Without protection the dataset goes with all its tables."
  }
}

run "dead_letters_view_shows_the_fields" {
  command = plan

  assert {
    condition     = google_bigquery_table.dead_letters_view.table_id == "dead_letters" && strcontains(google_bigquery_table.dead_letters_view.view[0].query, "JSON_VALUE(data, '$.reason') AS `reason`")
    error_message = "The view shows the fields of dead letters as columns."
  }

  assert {
    condition     = google_bigquery_table.dead_letters_view.view[0].use_legacy_sql == false
    error_message = "The view is GoogleSQL."
  }
}

run "members_are_granted_on_dataset_and_tables" {
  command = plan

  variables {
    dataset_iam = { "roles/bigquery.dataEditor" = ["serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com"] }
    table_iam   = { _dead_letters = { "roles/bigquery.dataEditor" = ["serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com"] } }
  }

  assert {
    condition = [for grant in google_bigquery_dataset_iam_member.dataset : "${grant.dataset_id} ${grant.role} ${grant.member}"] == [
      "prod_events_dataset roles/bigquery.dataEditor serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
    ]
    error_message = "Members are granted on the dataset."
  }

  assert {
    condition = [for grant in google_bigquery_table_iam_member.table : "${grant.table_id} ${grant.role} ${grant.member}"] == [
      "_dead_letters roles/bigquery.dataEditor serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com",
    ]
    error_message = "Members are granted on the table."
  }
}

run "public_datasets_are_refused" {
  command = plan

  variables {
    dataset_iam = { "roles/bigquery.dataViewer" = ["allAuthenticatedUsers"] }
  }

  expect_failures = [var.dataset_iam]
}

run "primitive_roles_are_refused" {
  command = plan

  variables {
    dataset_iam = { "roles/editor" = ["group:analysts@example.com"] }
  }

  expect_failures = [var.dataset_iam]
}

run "public_tables_are_refused" {
  command = plan

  variables {
    table_iam = { _raw_events = { "roles/bigquery.dataViewer" = ["allUsers"] } }
  }

  expect_failures = [var.table_iam]
}

run "event_tables_in_table_iam_are_refused" {
  command = plan

  variables {
    table_iam = { orders = { "roles/bigquery.dataViewer" = ["group:analysts@example.com"] } }
  }

  expect_failures = [var.table_iam]
}

run "bad_values_are_refused" {
  command = plan

  variables {
    dataset_id   = "prod-events"
    archive_days = 0
  }

  expect_failures = [var.dataset_id, var.archive_days]
}
