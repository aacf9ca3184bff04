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

module "service_accounts" {
  source     = "../.."
  project_id = "example-project"
  prefix     = "prod"

  accounts = {
    table-manager = {
      description   = "Creates and alters tables"
      project_roles = ["roles/bigquery.jobUser"]
    }
    event-generator = {
      description = "Publishes events"
    }
  }

  custom_roles = {
    row_writer = {
      title       = "row writer"
      description = "Appends rows"
      permissions = ["bigquery.tables.get", "bigquery.tables.updateData"]
    }
  }

  users = ["group:deployers@example.com"]
}

output "emails" {
  description = "E-mail address of each account."
  value       = module.service_accounts.emails
}
