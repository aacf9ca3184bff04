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
  project_id  = "example-project"
  environment = "prod"
  runbook_url = "https://example.com/OPERATIONS.md"
  images = {
    event_generator = "us-central1-docker.pkg.dev/example-project/prod-pipeline/event-generator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    table_manager   = "us-central1-docker.pkg.dev/example-project/prod-pipeline/table-manager@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
  template_path = "gs://example-project-prod-templates/templates/events-1.4.0.json"
}

run "everything_has_the_names_of_the_pipeline" {
  command = plan

  assert {
    condition     = output.topic_names == { events = "backend-events-topic", replay = "backend-events-replay", dead_letter = "backend-events-dead-letter", notices = "pipeline-notices" }
    error_message = "Topics carry no environment."
  }

  assert {
    condition     = output.dataset_id == "prod_events_dataset" && output.service_names == { event_generator = "prod-event-generator", table_manager = "prod-table-manager" } && output.job_name == "prod-events"
    error_message = "Dataset, services and job carry the environment."
  }

  assert {
    condition     = output.bucket_names["events"] == "example-project-prod-events" && output.image_prefix == "us-central1-docker.pkg.dev/example-project/prod-pipeline"
    error_message = "Buckets and images are named by project and environment."
  }
}

run "in_dataflow_mode_everybody_holds_what_they_need_and_no_more" {
  command = plan

  assert {
    condition = output.grants == tolist([
      "bucket example-project-prod-events roles/storage.objectUser serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "bucket example-project-prod-staging roles/storage.objectUser serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "bucket example-project-prod-temp roles/storage.objectUser serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "bucket example-project-prod-templates roles/storage.objectViewer serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "dataset prod_events_archive roles/bigquery.dataViewer serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "dataset prod_events_dataset projects/example-project/roles/prod_row_writer serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "dataset prod_events_dataset projects/example-project/roles/prod_table_manager serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "repository prod-pipeline roles/artifactregistry.reader serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "service prod-table-manager roles/run.invoker serviceAccount:prod-audit@example-project.iam.gserviceaccount.com",
      "service prod-table-manager roles/run.invoker serviceAccount:prod-promotion@example-project.iam.gserviceaccount.com",
      "service prod-table-manager roles/run.invoker serviceAccount:prod-trigger@example-project.iam.gserviceaccount.com",
      "subscription backend-events-replay-sub roles/pubsub.subscriber serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "subscription backend-events-replay-sub roles/pubsub.viewer serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "subscription backend-events-topic-sub roles/pubsub.subscriber serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "subscription backend-events-topic-sub roles/pubsub.viewer serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "table _dead_letters roles/bigquery.dataEditor serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com",
      "table _ledger projects/example-project/roles/prod_row_writer serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "table _raw_events roles/bigquery.dataEditor serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com",
      "topic backend-events-dead-letter roles/pubsub.publisher serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
      "topic backend-events-replay roles/pubsub.publisher serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "topic backend-events-topic roles/pubsub.publisher serviceAccount:prod-event-generator@example-project.iam.gserviceaccount.com",
      "topic pipeline-notices roles/pubsub.publisher serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
    ])
    error_message = "A grant was added or is missing: change the list on purpose, or not at all."
  }
}

run "in_direct_mode_there_is_no_job_and_nobody_holds_its_roles" {
  command = plan

  variables {
    delivery_mode = "direct"
  }

  assert {
    condition     = output.job_name == null && output.job_service_account == null && keys(output.bucket_names) == ["events"]
    error_message = "Direct mode has no job, no account of it and no buckets for it."
  }

  assert {
    condition     = output.subscription_names["files"] == "backend-events-files"
    error_message = "In direct mode Pub/Sub writes the file copy."
  }

  assert {
    condition = output.grants == tolist([
      "bucket example-project-prod-events roles/storage.legacyBucketReader serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com",
      "bucket example-project-prod-events roles/storage.objectCreator serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com",
      "dataset prod_events_archive roles/bigquery.dataViewer serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "dataset prod_events_dataset projects/example-project/roles/prod_table_manager serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "service prod-table-manager roles/run.invoker serviceAccount:prod-audit@example-project.iam.gserviceaccount.com",
      "service prod-table-manager roles/run.invoker serviceAccount:prod-promotion@example-project.iam.gserviceaccount.com",
      "service prod-table-manager roles/run.invoker serviceAccount:prod-trigger@example-project.iam.gserviceaccount.com",
      "table _dead_letters roles/bigquery.dataEditor serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com",
      "table _ledger projects/example-project/roles/prod_row_writer serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "table _raw_events roles/bigquery.dataEditor serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com",
      "topic backend-events-dead-letter roles/pubsub.publisher serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "topic backend-events-replay roles/pubsub.publisher serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "topic backend-events-topic roles/pubsub.publisher serviceAccount:prod-event-generator@example-project.iam.gserviceaccount.com",
      "topic pipeline-notices roles/pubsub.publisher serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
    ])
    error_message = "A grant was added or is missing: change the list on purpose, or not at all."
  }
}

run "without_images_and_template_there_is_only_infrastructure" {
  command = plan

  variables {
    images        = {}
    template_path = null
  }

  assert {
    condition     = length(output.service_names) == 0 && output.job_name == null && length(output.eventarc_subscriptions) == 0
    error_message = "The first apply makes what images and templates are pushed to."
  }

  assert {
    condition     = output.image_prefix != null && keys(output.bucket_names) == ["events", "staging", "temp", "templates"]
    error_message = "Repository and buckets are there for the second."
  }
}

run "what_holds_data_is_protected" {
  command = plan

  assert {
    condition     = keys(output.protected) == ["artifact_registry", "bigquery", "event_generator", "eventarc", "pubsub", "storage", "table_manager"] && alltrue(values(output.protected))
    error_message = "Unless two variables say otherwise nothing that holds data can be destroyed."
  }
}

run "two_variables_lift_the_protection" {
  command = plan

  variables {
    allow_destroy   = true
    confirm_destroy = "example-project/prod"
  }

  assert {
    condition     = !anytrue(values(output.protected))
    error_message = "Both variables together let everything go."
  }
}

run "the_confirmation_alone_lifts_nothing" {
  command = plan

  variables {
    confirm_destroy = "example-project/prod"
  }

  assert {
    condition     = alltrue(values(output.protected))
    error_message = "Both variables are needed."
  }
}

run "permission_without_confirmation_is_refused" {
  command = plan

  variables {
    allow_destroy = true
  }

  expect_failures = [var.confirm_destroy]
}

run "the_confirmation_of_another_environment_is_refused" {
  command = plan

  variables {
    allow_destroy   = true
    confirm_destroy = "example-project/dev"
  }

  expect_failures = [var.confirm_destroy]
}

run "people_get_what_their_part_needs" {
  command = plan

  variables {
    foundation = {
      deployers      = ["serviceAccount:ci@example-project.iam.gserviceaccount.com"]
      operators      = ["group:operators@example.com"]
      project_number = "123456789012"
      readers        = ["group:analysts@example.com"]
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
    publishers = ["serviceAccount:shop@example-shop.iam.gserviceaccount.com"]
  }

  assert {
    condition = [for grant in output.grants : grant if strcontains(grant, "operators@")] == [
      "dataset prod_events_archive roles/bigquery.dataViewer group:operators@example.com",
      "dataset prod_events_dataset projects/example-project/roles/prod_table_manager group:operators@example.com",
      "dataset prod_events_dataset roles/bigquery.dataViewer group:operators@example.com",
      "service prod-event-generator roles/run.invoker group:operators@example.com",
      "service prod-table-manager roles/run.invoker group:operators@example.com",
      "table _ledger projects/example-project/roles/prod_row_writer group:operators@example.com",
      "topic backend-events-replay roles/pubsub.publisher group:operators@example.com",
    ]
    error_message = "Operators audit, replay and promote."
  }

  assert {
    condition = [for grant in output.grants : grant if strcontains(grant, "analysts@")] == [
      "bucket example-project-prod-events roles/storage.objectViewer group:analysts@example.com",
      "dataset prod_events_dataset roles/bigquery.dataViewer group:analysts@example.com",
    ]
    error_message = "Readers read."
  }

  assert {
    condition     = contains(output.grants, "topic backend-events-topic roles/pubsub.publisher serviceAccount:shop@example-shop.iam.gserviceaccount.com")
    error_message = "Publishers publish."
  }

  assert {
    condition = [for grant in output.grants : grant if strcontains(grant, "serviceAccount:ci@")] == [
      "bucket example-project-prod-templates roles/storage.objectUser serviceAccount:ci@example-project.iam.gserviceaccount.com",
      "repository prod-pipeline roles/artifactregistry.writer serviceAccount:ci@example-project.iam.gserviceaccount.com",
      "service prod-event-generator roles/run.invoker serviceAccount:ci@example-project.iam.gserviceaccount.com",
      "service prod-table-manager roles/run.invoker serviceAccount:ci@example-project.iam.gserviceaccount.com",
    ]
    error_message = "Deployers push images and templates, and call the services."
  }
}

run "promotions_are_called_by_an_account_of_their_own" {
  command = plan

  assert {
    condition     = contains(output.grants, "service prod-table-manager roles/run.invoker serviceAccount:prod-promotion@example-project.iam.gserviceaccount.com")
    error_message = "The scheduler calls POST /promotions as an account that may do nothing else."
  }

  assert {
    condition     = output.scheduled_jobs == ["prod-audit", "prod-notices", "prod-notices-sweep", "prod-promotion", "prod-promotion-sweep"]
    error_message = "Audit every hour, notices every five minutes, promotions every minute, all tables every night."
  }
}

run "promotions_can_be_switched_off" {
  command = plan

  variables {
    promotion_schedule       = null
    promotion_sweep_schedule = null
  }

  assert {
    condition     = output.scheduled_jobs == ["prod-audit", "prod-notices", "prod-notices-sweep"] && !anytrue([for grant in output.grants : strcontains(grant, "prod-promotion@")])
    error_message = "Without a schedule nothing calls, and no account may."
  }
}

run "notices_can_be_switched_off_and_pushed_to_a_webhook" {
  command = plan

  variables {
    notices_schedule       = null
    notices_sweep_schedule = null
    notices_webhook        = { endpoint = "https://chat.example.com/hooks/pipeline" }
  }

  assert {
    condition     = !anytrue([for name in output.scheduled_jobs : strcontains(name, "notices")])
    error_message = "Without a schedule nothing calls POST /notices."
  }

  assert {
    condition     = output.subscription_names["notices_webhook"] == "pipeline-notices-webhook"
    error_message = "The webhook gets a subscription of its own."
  }
}

run "a_console_reads_and_publishes_replays" {
  command = plan

  variables {
    foundation = {
      deployers      = ["serviceAccount:ci@example-project.iam.gserviceaccount.com"]
      operators      = ["group:operators@example.com"]
      project_number = "123456789012"
      readers        = []
      revision       = 1
      roles = {
        row_writer    = "projects/example-project/roles/prod_row_writer"
        table_manager = "projects/example-project/roles/prod_table_manager"
      }
      service_accounts = {
        audit           = "prod-audit@example-project.iam.gserviceaccount.com"
        console         = "prod-console@example-project.iam.gserviceaccount.com"
        dataflow        = "prod-dataflow@example-project.iam.gserviceaccount.com"
        event-generator = "prod-event-generator@example-project.iam.gserviceaccount.com"
        promotion       = "prod-promotion@example-project.iam.gserviceaccount.com"
        table-manager   = "prod-table-manager@example-project.iam.gserviceaccount.com"
        trigger         = "prod-trigger@example-project.iam.gserviceaccount.com"
      }
      subnetwork = "regions/us-central1/subnetworks/prod-pipeline"
    }
    images = {
      console       = "us-central1-docker.pkg.dev/example-project/prod-pipeline/console@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      table_manager = "us-central1-docker.pkg.dev/example-project/prod-pipeline/table-manager@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    }
    table_manager = { max_instances = 17 }
  }

  assert {
    condition     = output.has_console && output.service_names["console"] == "prod-console"
    error_message = "A foundation with an account and an image make the service."
  }

  assert {
    condition = [for grant in output.grants : grant if strcontains(grant, "prod-console@")] == [
      "dataset prod_events_archive roles/bigquery.dataViewer serviceAccount:prod-console@example-project.iam.gserviceaccount.com",
      "dataset prod_events_dataset roles/bigquery.dataViewer serviceAccount:prod-console@example-project.iam.gserviceaccount.com",
      "table _actions projects/example-project/roles/prod_row_writer serviceAccount:prod-console@example-project.iam.gserviceaccount.com",
      "table _dismissals projects/example-project/roles/prod_row_writer serviceAccount:prod-console@example-project.iam.gserviceaccount.com",
      "topic backend-events-replay roles/pubsub.publisher serviceAccount:prod-console@example-project.iam.gserviceaccount.com",
    ]
    error_message = "The console reads, dismisses dead letters and publishes replays. It alters no table."
  }

  assert {
    condition = [for grant in output.grants : grant if strcontains(grant, "service prod-console")] == [
      "service prod-console roles/run.invoker serviceAccount:service-123456789012@gcp-sa-iap.iam.gserviceaccount.com",
    ]
    error_message = "Only Identity-Aware Proxy calls the console: people come through it, and nothing goes around it."
  }
}

run "a_console_needs_its_account" {
  command = plan

  variables {
    images        = { console = "us-central1-docker.pkg.dev/example-project/prod-pipeline/console@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
    table_manager = { max_instances = 17 }
  }

  expect_failures = [var.images]
}

run "services_fit_into_the_quota_of_a_new_project" {
  command = plan

  variables {
    # 27 vCPU exceed 20; 26 GiB are within 40, so that the vCPU alone are refused.
    table_manager = { max_instances = 25 }
  }

  expect_failures = [var.cloud_run_quota]
}

run "a_raised_quota_takes_more_instances" {
  command = plan

  variables {
    table_manager   = { max_instances = 190, memory = "2Gi" }
    cloud_run_quota = { vcpu = 200, memory_gib = 400 }
  }

  assert {
    condition     = length(output.service_names) == 2
    error_message = "Who has more quota says so, and gets more instances."
  }
}

run "memory_counts_as_well" {
  command = plan

  variables {
    table_manager = { max_instances = 18, memory = "4Gi" }
  }

  expect_failures = [var.cloud_run_quota]
}

run "subscriptions_wait_for_their_grants" {
  command = plan

  assert {
    condition     = time_sleep.grants.create_duration == "120s"
    error_message = "Pub/Sub refuses a subscription to a table it cannot write yet, and a grant takes a while to work."
  }
}

run "an_old_foundation_is_refused" {
  command = plan

  variables {
    foundation = {
      deployers        = []
      operators        = []
      project_number   = "123456789012"
      readers          = []
      revision         = 0
      roles            = { row_writer = "projects/example-project/roles/prod_row_writer", table_manager = "projects/example-project/roles/prod_table_manager" }
      service_accounts = { audit = "a@b", dataflow = "a@b", event-generator = "a@b", promotion = "a@b", table-manager = "a@b", trigger = "a@b" }
    }
  }

  expect_failures = [var.foundation]
}

run "every_alert_has_a_runbook" {
  command = plan

  assert {
    condition     = alltrue([for name, url in output.alert_runbooks : url == "https://example.com/OPERATIONS.md#${name}"])
    error_message = "Alerts link to their chapters."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    environment   = "Production"
    delivery_mode = "both"
  }

  expect_failures = [var.environment, var.delivery_mode]
}
