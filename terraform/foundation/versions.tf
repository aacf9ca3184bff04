terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  # The bucket and the prefix are given at init, one pair per environment: scripts/bootstrap.sh does it. The bucket is not
  # that of the environments: the deployer writes theirs, and must not write this one.
  backend "gcs" {}

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
  project = var.project_id
  region  = var.region
}

# Only for the service agents, which google 8 lacks.
provider "google-beta" {
  project = var.project_id
  region  = var.region
}
