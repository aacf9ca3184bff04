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

module "eventarc" {
  source          = "../.."
  project_id      = "example-project"
  location        = "us-central1"
  service         = "prod-table-manager"
  service_account = "prod-trigger@example-project.iam.gserviceaccount.com"

  triggers = {
    prod-table-manager        = "projects/example-project/topics/backend-events-topic"
    prod-table-manager-replay = "projects/example-project/topics/backend-events-replay"
  }
}

output "subscriptions" {
  description = "Subscriptions that the triggers push from."
  value       = module.eventarc.subscriptions
}
