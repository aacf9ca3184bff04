mock_provider "google" {}
mock_provider "google-beta" {}
mock_provider "time" {}

variables {
  foundation = {
    deployers      = []
    operators      = []
    project_number = "123456789012"
    readers        = []
    revision       = 1
    roles = {
      row_writer    = "projects/example-project/roles/prod_row_writer"
      table_manager = "projects/example-project/roles/prod_table_manager"
    }
    service_accounts = {
      audit           = "prod-audit@example-project.iam.gserviceaccount.com"
      dataflow        = "prod-dataflow@example-project.iam.gserviceaccount.com"
      event-generator = "prod-event-generator@example-project.iam.gserviceaccount.com"
      promotion       = "prod-promotion@example-project.iam.gserviceaccount.com"
      table-manager   = "prod-table-manager@example-project.iam.gserviceaccount.com"
      trigger         = "prod-trigger@example-project.iam.gserviceaccount.com"
    }
    subnetwork = "regions/us-central1/subnetworks/prod-pipeline"
  }
  project_id    = "example-project"
  runbook_url   = "https://example.com/OPERATIONS.md"
  template_path = "gs://example-project-prod-templates/templates/events-1.4.0.json"
  images = {
    event_generator = "us-central1-docker.pkg.dev/example-project/prod-pipeline/event-generator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    table_manager   = "us-central1-docker.pkg.dev/example-project/prod-pipeline/table-manager@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

run "the_environment_is_whole" {
  command = plan

  assert {
    condition     = output.service_names == { event_generator = "prod-event-generator", table_manager = "prod-table-manager" } && output.dataset_id == "prod_events_dataset"
    error_message = "Services and dataset carry the environment."
  }

  assert {
    condition     = output.topic_names["events"] == "backend-events-topic" && output.subscription_names["events"] == "backend-events-topic-sub"
    error_message = "Topics and subscriptions do not."
  }

  assert {
    condition     = output.delivery_mode == "dataflow"
    error_message = "prod runs in dataflow mode by default."
  }
}

run "the_other_mode_can_be_chosen" {
  command = plan

  variables {
    delivery_mode = "direct"
  }

  assert {
    condition     = output.job_name == null
    error_message = "The mode decides whether there is a job."
  }
}

run "what_holds_data_is_protected" {
  command = plan

  assert {
    condition     = alltrue(values(output.protected))
    error_message = "Nothing that holds data can be destroyed by mistake."
  }
}

run "destroying_needs_both_variables" {
  command = plan

  variables {
    allow_destroy   = true
    confirm_destroy = "example-project/prod"
  }

  assert {
    condition     = !anytrue(values(output.protected))
    error_message = "With both variables everything can go."
  }
}
