locals {
  _job_member = lookup(module.service_accounts.members, "dataflow", null)

  # In dataflow mode the job reads, appends and writes files; in direct mode nobody holds these roles.
  _job_members = local._job_member == null ? [] : [local._job_member]
}

module "bigquery" {
  source              = "../modules/bigquery"
  project_id          = var.project_id
  dataset_id          = "${replace(var.environment, "-", "_")}_events_dataset"
  location            = coalesce(var.data_location, var.region)
  labels              = local._labels
  archive_days        = var.archive_days
  deletion_protection = local._protected

  dataset_iam = {
    "roles/bigquery.dataEditor"               = [module.service_accounts.members["table-manager"]]
    "roles/bigquery.dataViewer"               = setunion(var.readers, var.operators)
    (module.service_accounts.row_writer_role) = local._job_members
  }

  table_iam = {
    _raw_events   = { "roles/bigquery.dataEditor" = [module.project_services.pubsub_agent] }
    _dead_letters = { "roles/bigquery.dataEditor" = [module.project_services.pubsub_agent] }
  }

  depends_on = [module.project_services]
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
      "roles/storage.objectViewer" = var.readers
    }
    templates = {
      "roles/storage.objectUser"   = local._deployers
      "roles/storage.objectViewer" = local._job_members
    }
    temp = { "roles/storage.objectUser" = local._job_members }
    } : {
    events = {
      "roles/storage.objectCreator"      = [module.project_services.pubsub_agent]
      "roles/storage.legacyBucketReader" = [module.project_services.pubsub_agent]
      "roles/storage.objectViewer"       = var.readers
    }
  }

  depends_on = [module.project_services, module.github_federation]
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

  # Who writes the rows writes the dead letters.
  topic_iam = {
    events      = { "roles/pubsub.publisher" = setunion([module.service_accounts.members["event-generator"]], var.publishers) }
    replay      = { "roles/pubsub.publisher" = var.operators }
    dead_letter = { "roles/pubsub.publisher" = var.delivery_mode == "dataflow" ? local._job_members : [module.service_accounts.members["table-manager"]] }
  }

  subscription_iam = {
    for key in ["events", "replay"] : key => {
      "roles/pubsub.subscriber" = local._job_members
      "roles/pubsub.viewer"     = local._job_members
    }
  }
}
