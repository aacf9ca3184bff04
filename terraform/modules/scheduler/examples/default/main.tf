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

module "audit" {
  source          = "../.."
  project_id      = "example-project"
  location        = "us-central1"
  service         = "prod-table-manager"
  service_uri     = "https://prod-table-manager-123456789012.us-central1.run.app"
  service_account = "prod-audit@example-project.iam.gserviceaccount.com"

  jobs = {
    prod-audit = { description = "Checks the books every hour.", path = "/audit", schedule = "7 * * * *", body = "{}" }
  }
}

output "names" {
  description = "Names of the jobs."
  value       = module.audit.names
}
