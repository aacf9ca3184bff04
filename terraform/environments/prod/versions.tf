terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  # The bucket is named at `terraform init -backend-config=bucket=…`.
  backend "gcs" {
    prefix = "environments/prod"
  }

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 8.0.0, < 9.0.0"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 8.0.0, < 9.0.0"
    }
  }
}

provider "google" {
  project = var.project_id
  region  = var.region
}

# For what google 8 does not have: the Flex Template job and the service agents.
provider "google-beta" {
  project = var.project_id
  region  = var.region
}
