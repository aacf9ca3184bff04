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

module "storage" {
  source     = "../.."
  project_id = "example-project"
  prefix     = "example-project-prod"
  location   = "us-central1"

  events_days = 365

  bucket_iam = {
    events = {
      "roles/storage.objectViewer" = ["group:analysts@example.com"]
    }
  }
}

output "bucket_names" {
  description = "Names of the buckets."
  value       = module.storage.bucket_names
}
