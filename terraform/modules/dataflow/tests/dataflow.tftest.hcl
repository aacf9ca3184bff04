mock_provider "google-beta" {}

variables {
  project_id      = "example-project"
  region          = "us-central1"
  name            = "prod-events"
  template_path   = "gs://example-project-prod-templates/templates/events-1.4.0.json"
  staging_bucket  = "example-project-prod-staging"
  subnetwork      = "regions/us-central1/subnetworks/prod-pipeline"
  temp_bucket     = "example-project-prod-temp"
  service_account = "prod-dataflow@example-project.iam.gserviceaccount.com"
  parameters = {
    inputSubscription  = "projects/example-project/subscriptions/backend-events-topic-sub"
    replaySubscription = "projects/example-project/subscriptions/backend-events-replay-sub"
    dataset            = "prod_events_dataset"
    deadLetterTopic    = "projects/example-project/topics/backend-events-dead-letter"
    archiveLocation    = "gs://example-project-prod-events/events"
  }
}

run "deleting_drains" {
  command = plan

  assert {
    condition     = google_dataflow_flex_template_job.job.on_delete == "drain" && google_dataflow_flex_template_job.job.skip_wait_on_job_termination == false
    error_message = "A job that goes finishes what it has taken: cancelling loses it."
  }
}

run "scales_by_throughput_on_the_streaming_engine" {
  command = plan

  assert {
    condition     = google_dataflow_flex_template_job.job.enable_streaming_engine
    error_message = "The job scales by itself."
  }

  assert {
    condition     = google_dataflow_flex_template_job.job.num_workers == 1 && google_dataflow_flex_template_job.job.max_workers == 10
    error_message = "Workers are bounded."
  }
}

# Applied to the mock, because what the provider may fill in is unknown in a plan.
run "the_algorithm_is_not_beams_word" {
  assert {
    condition     = google_dataflow_flex_template_job.job.autoscaling_algorithm != "THROUGHPUT_BASED"
    error_message = "Dataflow's interface answers 400 to THROUGHPUT_BASED: it knows AUTOSCALING_ALGORITHM_NONE and AUTOSCALING_ALGORITHM_BASIC."
  }
}

run "the_job_says_which_template_it_runs" {
  command = plan

  assert {
    condition     = google_dataflow_flex_template_job.job.labels["template"] == "events-1_4_0"
    error_message = "An adopted job may run an older template; the label shows it."
  }
}

run "workers_are_private_and_run_as_their_own_account" {
  command = plan

  assert {
    condition     = google_dataflow_flex_template_job.job.ip_configuration == "WORKER_IP_PRIVATE"
    error_message = "Unless told otherwise workers have no public addresses."
  }

  assert {
    condition     = google_dataflow_flex_template_job.job.service_account_email == "prod-dataflow@example-project.iam.gserviceaccount.com"
    error_message = "Workers run as their own account."
  }
}

run "runs_the_versioned_template_with_its_parameters" {
  command = plan

  assert {
    condition     = google_dataflow_flex_template_job.job.container_spec_gcs_path == var.template_path && google_dataflow_flex_template_job.job.parameters == var.parameters
    error_message = "The template that was given runs with the parameters that were given."
  }
}

run "templates_may_be_named_by_commit" {
  command = plan

  variables {
    template_path = "gs://example-project-prod-templates/templates/events-0a1b2c3d4e5f.json"
  }

  assert {
    condition     = google_dataflow_flex_template_job.job.container_spec_gcs_path == var.template_path
    error_message = "A commit is as good a version."
  }
}

run "templates_without_a_version_are_refused" {
  command = plan

  variables {
    template_path = "gs://example-project-prod-templates/templates/events-latest.json"
  }

  expect_failures = [var.template_path]
}

run "missing_parameters_are_refused" {
  command = plan

  variables {
    parameters = { dataset = "prod_events_dataset" }
  }

  expect_failures = [var.parameters]
}

run "staged_files_are_where_nothing_is_deleted" {
  command = plan

  assert {
    condition     = google_dataflow_flex_template_job.job.staging_location == "gs://example-project-prod-staging/staging" && google_dataflow_flex_template_job.job.temp_location == "gs://example-project-prod-temp/temp"
    error_message = "After the temporary files' age no new worker could start."
  }
}

run "staging_among_temporary_files_is_refused" {
  command = plan

  variables {
    staging_bucket = "example-project-prod-temp"
  }

  expect_failures = [var.staging_bucket]
}

run "a_job_that_runs_already_is_adopted" {
  command = plan

  assert {
    condition     = google_dataflow_flex_template_job.job.create_ignore_already_exists
    error_message = "A launch whose wait failed is not in the state; the next one would be refused with 409."
  }
}

run "private_workers_without_a_subnetwork_are_refused" {
  command = plan

  variables {
    subnetwork = null
  }

  expect_failures = [var.public_ips]
}

run "default_accounts_are_refused" {
  command = plan

  variables {
    service_account = "123456789012-compute@developer.gserviceaccount.com"
  }

  expect_failures = [var.service_account]
}

run "bad_values_are_refused" {
  command = plan

  variables {
    name        = "Prod_Events"
    subnetwork  = "default"
    temp_bucket = "gs://example-project-prod-temp"
    workers     = { initial = 5, max = 2 }
  }

  expect_failures = [var.name, var.subnetwork, var.temp_bucket, var.workers]
}
