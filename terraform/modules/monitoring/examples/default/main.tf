terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
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

module "monitoring" {
  source            = "../.."
  project_id        = "example-project"
  prefix            = "prod"
  runbook_url       = "https://github.com/example/gcp-realtime-data-pipeline/blob/main/docs/OPERATIONS.md"
  alert_emails      = ["oncall@example.com"]
  services          = ["prod-table-manager", "prod-event-generator"]
  table_manager     = "prod-table-manager"
  job_name          = "prod-events"
  dataset_id        = "prod_events_dataset"
  events_topic      = "backend-events-topic"
  dead_letter_topic = "backend-events-dead-letter"
  subscriptions     = ["backend-events-topic-sub", "backend-events-archive"]
}

output "alert_runbooks" {
  description = "What to do, by alert."
  value       = module.monitoring.alert_runbooks
}
