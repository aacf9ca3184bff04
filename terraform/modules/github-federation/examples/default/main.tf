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

module "github_federation" {
  source       = "../.."
  project_id   = "example-project"
  prefix       = "prod"
  repository   = "example/gcp-realtime-data-pipeline"
  owner_id     = "12345678"
  state_bucket = "example-project-terraform-state"
}

output "provider_name" {
  description = "Full name of the provider."
  value       = module.github_federation.provider_name
}
