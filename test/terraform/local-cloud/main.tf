# The modules that hold data, applied to the local cloud: what `npm start` would talk to, made by Terraform.
terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 8.0.0, < 9.0.0"
    }
  }
}

provider "google" {
  project      = var.project_id
  region       = "us-central1"
  access_token = "local"

  pubsub_custom_endpoint    = "${var.pubsub_url}/v1/"
  big_query_custom_endpoint = "${var.bigquery_url}/bigquery/v2/"
  storage_custom_endpoint   = "${var.storage_url}/storage/v1/"
}

module "bigquery" {
  source              = "../../../terraform/modules/bigquery"
  project_id          = var.project_id
  dataset_id          = "prod_events_dataset"
  archive_dataset_id  = "prod_events_archive"
  location            = "us-central1"
  labels              = { environment = "local" }
  deletion_protection = var.deletion_protection
}

module "storage" {
  source              = "../../../terraform/modules/storage"
  project_id          = var.project_id
  prefix              = "${var.project_id}-prod"
  location            = "us-central1"
  labels              = { environment = "local" }
  delivery_mode       = var.delivery_mode
  deletion_protection = var.deletion_protection
}

module "pubsub" {
  source              = "../../../terraform/modules/pubsub"
  project_id          = var.project_id
  labels              = { environment = "local" }
  delivery_mode       = var.delivery_mode
  raw_events_table    = module.bigquery.tables["_raw_events"]
  dead_letters_table  = module.bigquery.tables["_dead_letters"]
  files_bucket        = module.storage.bucket_names["events"]
  deletion_protection = var.deletion_protection
}
