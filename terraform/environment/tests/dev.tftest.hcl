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
      row_writer    = "projects/example-project/roles/dev_row_writer"
      table_manager = "projects/example-project/roles/dev_table_manager"
    }
    service_accounts = {
      audit           = "dev-audit@example-project.iam.gserviceaccount.com"
      dataflow        = "dev-dataflow@example-project.iam.gserviceaccount.com"
      event-generator = "dev-event-generator@example-project.iam.gserviceaccount.com"
      promotion       = "dev-promotion@example-project.iam.gserviceaccount.com"
      table-manager   = "dev-table-manager@example-project.iam.gserviceaccount.com"
      trigger         = "dev-trigger@example-project.iam.gserviceaccount.com"
    }
    subnetwork = "regions/us-central1/subnetworks/dev-pipeline"
  }
  project_id    = "example-project"
  runbook_url   = "https://example.com/OPERATIONS.md"
  template_path = "gs://example-project-dev-templates/templates/events-1.4.0.json"
  images = {
    event_generator = "us-central1-docker.pkg.dev/example-project/dev-pipeline/event-generator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    table_manager   = "us-central1-docker.pkg.dev/example-project/dev-pipeline/table-manager@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

run "the_environment_is_whole" {
  command = plan

  assert {
    condition     = output.service_names == { event_generator = "dev-event-generator", table_manager = "dev-table-manager" } && output.dataset_id == "dev_events_dataset"
    error_message = "Services and dataset carry the environment."
  }

  assert {
    condition     = output.topic_names["events"] == "backend-events-topic" && output.subscription_names["events"] == "backend-events-topic-sub"
    error_message = "Topics and subscriptions do not."
  }

  assert {
    condition     = output.delivery_mode == "direct"
    error_message = "dev runs in direct mode by default."
  }
}

run "the_other_mode_can_be_chosen" {
  command = plan

  variables {
    delivery_mode = "dataflow"
  }

  assert {
    condition     = output.job_name != null
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
    confirm_destroy = "example-project/dev"
  }

  assert {
    condition     = !anytrue(values(output.protected))
    error_message = "With both variables everything can go."
  }
}
