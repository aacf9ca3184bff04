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

module "network" {
  source     = "../.."
  project_id = "example-project"
  prefix     = "prod"
  region     = "us-central1"
}

output "subnetwork" {
  description = "Subnetwork of the workers."
  value       = module.network.subnetwork
}
