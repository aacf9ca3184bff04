terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 8.0.0, < 9.0.0"
    }
  }
}

provider "google-beta" {
  project = "example-project"
  region  = "us-central1"
}

module "dataflow" {
  source          = "../.."
  project_id      = "example-project"
  region          = "us-central1"
  name            = "prod-events"
  template_path   = "gs://example-project-prod-templates/templates/events-1.4.0.json"
  staging_bucket  = "example-project-prod-staging"
  temp_bucket     = "example-project-prod-temp"
  subnetwork      = "regions/us-central1/subnetworks/prod-pipeline"
  service_account = "prod-dataflow@example-project.iam.gserviceaccount.com"

  parameters = {
    inputSubscription  = "projects/example-project/subscriptions/backend-events-topic-sub"
    replaySubscription = "projects/example-project/subscriptions/backend-events-replay-sub"
    dataset            = "prod_events_dataset"
    deadLetterTopic    = "projects/example-project/topics/backend-events-dead-letter"
    archiveLocation    = "gs://example-project-prod-events/events"
  }
}

output "job_id" {
  description = "Id of the job that runs."
  value       = module.dataflow.job_id
}
