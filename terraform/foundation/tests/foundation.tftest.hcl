mock_provider "google" {
  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
  mock_resource "google_iam_workload_identity_pool" {
    defaults = {
      name = "projects/123456789012/locations/global/workloadIdentityPools/prod-github"
    }
    override_during = plan
  }
}
mock_provider "google-beta" {}
mock_provider "time" {}

variables {
  project_id        = "example-project"
  environment       = "prod"
  delivery_mode     = "dataflow"
  foundation_bucket = "example-project-foundation-state"
  state_bucket      = "example-project-terraform-state"
}

run "every_service_that_is_called_is_switched_on" {
  command = plan

  assert {
    condition = output.services == tolist([
      "artifactregistry.googleapis.com", "bigquery.googleapis.com", "bigquerystorage.googleapis.com",
      "cloudresourcemanager.googleapis.com", "cloudscheduler.googleapis.com", "compute.googleapis.com",
      "dataflow.googleapis.com", "eventarc.googleapis.com", "iam.googleapis.com", "iamcredentials.googleapis.com",
      "logging.googleapis.com", "monitoring.googleapis.com", "pubsub.googleapis.com", "run.googleapis.com",
      "storage.googleapis.com", "sts.googleapis.com",
    ])
    error_message = "A service that is off answers 403 SERVICE_DISABLED; federation needs sts.googleapis.com."
  }
}

run "accounts_and_their_grants" {
  command = plan

  assert {
    condition = output.grants == tolist([
      "project example-project roles/bigquery.jobUser serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com",
      "project example-project roles/dataflow.worker serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
    ])
    error_message = "A grant was added or is missing: change the list on purpose, or not at all."
  }

  assert {
    condition     = output.foundation.service_accounts["dataflow"] == "prod-dataflow@example-project.iam.gserviceaccount.com" && output.foundation.roles["row_writer"] == "projects/example-project/roles/prod_row_writer"
    error_message = "The environment gets accounts and roles by name."
  }
}

run "in_direct_mode_there_is_no_job" {
  command = plan

  variables {
    delivery_mode = "direct"
  }

  assert {
    condition     = !contains(keys(output.foundation.service_accounts), "dataflow") && output.foundation.subnetwork == null && !contains(output.services, "dataflow.googleapis.com")
    error_message = "Without a job there is no account, no network and no service for it."
  }
}

run "workers_have_a_subnetwork" {
  command = plan

  assert {
    condition     = output.foundation.subnetwork == "regions/us-central1/subnetworks/prod-pipeline"
    error_message = "The default network's subnetworks have Private Google Access off."
  }
}

run "an_existing_subnetwork_is_used" {
  command = plan

  variables {
    subnetwork = "regions/us-central1/subnetworks/shared"
  }

  assert {
    condition     = output.foundation.subnetwork == "regions/us-central1/subnetworks/shared" && length(module.network) == 0
    error_message = "A named subnetwork is used and none is created."
  }
}

run "operators_and_readers_query" {
  command = plan

  variables {
    operators = ["group:operators@example.com"]
    readers   = ["group:analysts@example.com"]
  }

  assert {
    condition     = contains(output.grants, "project example-project roles/bigquery.jobUser group:operators@example.com") && contains(output.grants, "project example-project roles/bigquery.jobUser group:analysts@example.com")
    error_message = "Without bigquery.jobs.create neither audit nor explain nor any query works."
  }
}

run "the_deployer_runs_services_and_changes_no_account" {
  command = plan

  variables {
    github = { repository = "example/pipeline", owner_id = "12345678" }
  }

  assert {
    condition     = output.deployer_email == "prod-deployer@example-project.iam.gserviceaccount.com" && contains(output.foundation.deployers, "serviceAccount:prod-deployer@example-project.iam.gserviceaccount.com")
    error_message = "The repository's workflows have a deployer, which the environment knows."
  }

  assert {
    condition     = length([for grant in output.grants : grant if endswith(grant, "prod-deployer@example-project.iam.gserviceaccount.com") && startswith(grant, "account ")]) == 6
    error_message = "The deployer runs services and the job as their accounts."
  }

  assert {
    condition     = length([for grant in output.grants : grant if endswith(grant, "prod-deployer@example-project.iam.gserviceaccount.com") && length(regexall("roles/(iam\\.(serviceAccountAdmin|roleAdmin|securityAdmin|serviceAccountTokenCreator)|resourcemanager\\.)", grant)) > 0]) == 0
    error_message = "The deployer cannot change accounts, roles or grants on the project."
  }
}

run "without_a_console_there_is_nothing_of_it" {
  command = plan

  assert {
    condition     = !contains(keys(output.foundation.service_accounts), "console") && !contains(output.services, "iap.googleapis.com") && !anytrue([for grant in output.grants : strcontains(grant, "roles/iap.")])
    error_message = "A console is asked for."
  }
}

run "people_reach_the_console_through_the_proxy" {
  command = plan

  variables {
    console   = { viewers = ["group:support@example.com"] }
    operators = ["group:operators@example.com"]
    readers   = ["group:analysts@example.com"]
  }

  assert {
    condition = [for grant in output.grants : grant if strcontains(grant, "roles/iap.") || strcontains(grant, "prod-console@")] == [
      "project example-project roles/bigquery.jobUser serviceAccount:prod-console@example-project.iam.gserviceaccount.com",
      "project example-project roles/iap.httpsResourceAccessor group:operators@example.com",
      "project example-project roles/iap.httpsResourceAccessor group:support@example.com",
    ]
    error_message = "Operators and viewers open the console; readers do not, because it shows raw payloads."
  }

  assert {
    condition     = contains(output.services, "iap.googleapis.com")
    error_message = "Cloud Run refuses the proxy of a service that is off."
  }
}

run "grants_are_given_time" {
  command = plan

  assert {
    condition     = time_sleep.iam.create_duration == "60s"
    error_message = "The environment uses new accounts at once."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    environment   = "Production"
    delivery_mode = "both"
    subnetwork    = "default"
  }

  expect_failures = [var.environment, var.delivery_mode, var.subnetwork]
}
