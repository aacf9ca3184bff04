terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 8.0.0, < 9.0.0"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 8.0.0, < 9.0.0"
    }
    time = {
      source  = "hashicorp/time"
      version = ">= 0.13.0, < 1.0.0"
    }
  }
}

provider "google" {
  project = "example-project"
  region  = "us-central1"
}

provider "google-beta" {
  project = "example-project"
  region  = "us-central1"
}

module "project_services" {
  source     = "../.."
  project_id = "example-project"
  services   = ["bigquery.googleapis.com", "pubsub.googleapis.com"]
}

output "pubsub_agent" {
  description = "Pub/Sub's service agent."
  value       = module.project_services.pubsub_agent
}
