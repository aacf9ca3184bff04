# Written by Pub/Sub itself, so that the books are checked against something the pipeline did not write.
resource "google_pubsub_subscription" "archive" {
  project                    = var.project_id
  name                       = var.names.archive_subscription
  topic                      = google_pubsub_topic.topic["events"].id
  labels                     = var.labels
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"
  deletion_policy            = local._deletion_policy

  bigquery_config {
    table          = var.raw_events_table
    write_metadata = true
  }

  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
}

resource "google_pubsub_subscription" "dead_letters" {
  project                    = var.project_id
  name                       = var.names.dead_letter_subscription
  topic                      = google_pubsub_topic.topic["dead_letter"].id
  labels                     = var.labels
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"
  deletion_policy            = local._deletion_policy

  bigquery_config {
    table          = var.dead_letters_table
    write_metadata = true
  }

  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
}

# The file copy of direct mode. In dataflow mode the job writes the files.
resource "google_pubsub_subscription" "files" {
  for_each = var.delivery_mode == "direct" ? { files = var.names.files_subscription } : {}

  project                    = var.project_id
  name                       = each.value
  topic                      = google_pubsub_topic.topic["events"].id
  labels                     = var.labels
  ack_deadline_seconds       = 300
  message_retention_duration = "604800s"
  deletion_policy            = local._deletion_policy

  cloud_storage_config {
    bucket                   = var.files_bucket
    filename_prefix          = "events/"
    filename_suffix          = ".avro"
    filename_datetime_format = "YYYY-MM-DD/hh-mm-ss"
    max_bytes                = var.file_max_bytes
    max_duration             = var.file_max_duration

    avro_config {
      write_metadata = true
    }
  }

  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  lifecycle {
    precondition {
      condition     = var.files_bucket != null
      error_message = "In direct mode files_bucket is needed: Pub/Sub itself writes the file copy there."
    }
  }
}
