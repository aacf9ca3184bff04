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
  project = "example-project"
  region  = "us-central1"
}

module "bigquery" {
  source     = "../.."
  project_id = "example-project"
  dataset_id = "prod_events_dataset"

  archive_dataset_id = "prod_events_archive"
  location           = "us-central1"

  dataset_iam = {
    "roles/bigquery.dataViewer" = ["group:analysts@example.com"]
  }
  table_iam = {
    _raw_events = {
      "roles/bigquery.dataEditor" = ["serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"]
    }
  }
}

output "tables" {
  description = "The pipeline's own tables."
  value       = module.bigquery.tables
}
