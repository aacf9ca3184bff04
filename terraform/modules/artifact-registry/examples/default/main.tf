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

module "artifact_registry" {
  source        = "../.."
  project_id    = "example-project"
  location      = "us-central1"
  repository_id = "prod-pipeline"

  readers = ["serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com"]
  writers = ["serviceAccount:deployer@example-project.iam.gserviceaccount.com"]
}

output "image_prefix" {
  description = "What the names of images begin with."
  value       = module.artifact_registry.image_prefix
}
