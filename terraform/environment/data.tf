locals {
  # In dataflow mode the job reads, appends and writes files; in direct mode no member holds these roles.
  _job_members = var.delivery_mode == "dataflow" ? [local._members["dataflow"]] : []
}

module "bigquery" {
  source              = "../modules/bigquery"
  project_id          = var.project_id
  dataset_id          = "${replace(var.environment, "-", "_")}_events_dataset"
  location            = coalesce(var.data_location, var.region)
  labels              = local._labels
  archive_dataset_id  = "${replace(var.environment, "-", "_")}_events_archive"
  archive_days        = var.archive_days
  deletion_protection = local._protected

  dataset_iam = {
    (var.foundation.roles["table_manager"]) = setunion([local._members["table-manager"]], var.foundation.operators)
    (var.foundation.roles["row_writer"])    = local._job_members
    "roles/bigquery.dataViewer"             = setunion(var.foundation.readers, var.foundation.operators, local._console_members)
  }

  # Pub/Sub alone writes the archive; those that audit read it, and write what they counted.
  archive_iam = {
    "roles/bigquery.dataViewer" = setunion([local._members["table-manager"]], var.foundation.operators, local._console_members)
  }

  table_iam = {
    _raw_events   = { "roles/bigquery.dataEditor" = [local._pubsub_agent] }
    _dead_letters = { "roles/bigquery.dataEditor" = [local._pubsub_agent] }
    _actions      = { (var.foundation.roles["row_writer"]) = local._console_members }
    _dismissals   = { (var.foundation.roles["row_writer"]) = local._console_members }
    _ledger       = { (var.foundation.roles["row_writer"]) = setunion([local._members["table-manager"]], var.foundation.operators) }
  }
}

module "storage" {
  source              = "../modules/storage"
  project_id          = var.project_id
  prefix              = "${var.project_id}-${var.environment}"
  location            = coalesce(var.data_location, var.region)
  labels              = local._labels
  delivery_mode       = var.delivery_mode
  events_days         = var.events_days
  deletion_protection = local._protected

  bucket_iam = var.delivery_mode == "dataflow" ? {
    events = {
      "roles/storage.objectUser"   = local._job_members
      "roles/storage.objectViewer" = var.foundation.readers
    }
    templates = {
      "roles/storage.objectUser"   = var.foundation.deployers
      "roles/storage.objectViewer" = local._job_members
    }
    staging = { "roles/storage.objectUser" = local._job_members }
    temp    = { "roles/storage.objectUser" = local._job_members }
    } : {
    events = {
      "roles/storage.objectCreator"      = [local._pubsub_agent]
      "roles/storage.legacyBucketReader" = [local._pubsub_agent]
      "roles/storage.objectViewer"       = var.foundation.readers
    }
  }
}

module "pubsub" {
  source              = "../modules/pubsub"
  project_id          = var.project_id
  labels              = local._labels
  delivery_mode       = var.delivery_mode
  deletion_protection = local._protected

  raw_events_table   = module.bigquery.tables["_raw_events"]
  dead_letters_table = module.bigquery.tables["_dead_letters"]
  files_bucket       = var.delivery_mode == "direct" ? module.storage.bucket_names["events"] : null

  notices_webhook = var.notices_webhook

  # The writer of the rows publishes the dead letters; table-manager replays and publishes notices in both modes.
  topic_iam = {
    events      = { "roles/pubsub.publisher" = setunion([local._members["event-generator"]], var.publishers) }
    replay      = { "roles/pubsub.publisher" = setunion([local._members["table-manager"]], var.foundation.operators, local._console_members) }
    notices     = { "roles/pubsub.publisher" = [local._members["table-manager"]] }
    dead_letter = { "roles/pubsub.publisher" = var.delivery_mode == "dataflow" ? local._job_members : [local._members["table-manager"]] }
  }

  subscription_iam = {
    for key in ["events", "replay"] : key => {
      "roles/pubsub.subscriber" = local._job_members
      "roles/pubsub.viewer"     = local._job_members
    }
  }

  depends_on = [time_sleep.grants]
}
