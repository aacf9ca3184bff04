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

module "pubsub" {
  source     = "../.."
  project_id = "example-project"

  raw_events_table   = "example-project.prod_events_dataset._raw_events"
  dead_letters_table = "example-project.prod_events_dataset._dead_letters"

  topic_iam = {
    events = {
      "roles/pubsub.publisher" = ["serviceAccount:prod-event-generator@example-project.iam.gserviceaccount.com"]
    }
  }
}

output "topic_names" {
  description = "Names of the topics."
  value       = module.pubsub.topic_names
}
