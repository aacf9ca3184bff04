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

module "table_manager" {
  source          = "../.."
  project_id      = "example-project"
  location        = "us-central1"
  name            = "prod-table-manager"
  description     = "Creates and alters the tables of events."
  image           = "us-central1-docker.pkg.dev/example-project/prod-pipeline/table-manager@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  service_account = "prod-table-manager@example-project.iam.gserviceaccount.com"

  environment = { DATASET = "prod_events_dataset" }
  invokers    = ["serviceAccount:prod-trigger@example-project.iam.gserviceaccount.com"]
}

output "uri" {
  description = "Address of the service."
  value       = module.table_manager.uri
}
