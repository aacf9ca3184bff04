mock_provider "google" {
  mock_resource "google_iam_workload_identity_pool" {
    defaults = {
      name = "projects/123456789012/locations/global/workloadIdentityPools/prod-github"
    }
    override_during = plan
  }
}

variables {
  project_id   = "example-project"
  prefix       = "prod"
  repository   = "example/pipeline"
  owner_id     = "12345678"
  state_bucket = "example-project-terraform-state"
}

run "only_this_repository_on_main_and_its_release_tags_gets_in" {
  command = plan

  assert {
    condition     = google_iam_workload_identity_pool_provider.github.attribute_condition == "assertion.repository_owner_id == '12345678' && assertion.repository == 'example/pipeline' && (assertion.ref in ['refs/heads/main'] || (assertion.ref_type == 'tag' && assertion.ref.startsWith('refs/tags/v')))"
    error_message = "Other repositories, other owners of the name, other branches and other tags stay outside; releases get in."
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.github.oidc[0].issuer_uri == "https://token.actions.githubusercontent.com"
    error_message = "Tokens come from GitHub Actions."
  }
}

run "workflows_become_the_deployer" {
  command = plan

  assert {
    condition     = google_service_account_iam_member.workflow.role == "roles/iam.workloadIdentityUser" && google_service_account_iam_member.workflow.member == "principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/prod-github/attribute.repository/example/pipeline"
    error_message = "Workflows of the repository, and nobody else, become the deployer."
  }

  assert {
    condition     = output.deployer_email == "prod-deployer@example-project.iam.gserviceaccount.com"
    error_message = "The deployer is named by prefix."
  }
}

run "only_this_repository_on_main_gets_in_without_release_tags" {
  command = plan

  variables {
    release_tags = false
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.github.attribute_condition == "assertion.repository_owner_id == '12345678' && assertion.repository == 'example/pipeline' && assertion.ref in ['refs/heads/main']"
    error_message = "Without release_tags no tag gets in."
  }
}

run "deployer_cannot_give_itself_more" {
  command = plan

  assert {
    condition = toset([for grant in google_project_iam_member.deployer : grant.role]) == toset([
      "roles/artifactregistry.admin", "roles/bigquery.dataOwner", "roles/bigquery.jobUser", "roles/cloudscheduler.admin",
      "roles/dataflow.developer", "roles/eventarc.admin", "roles/logging.configWriter", "roles/monitoring.editor",
      "roles/pubsub.admin", "roles/run.admin",
    ])
    error_message = "A role was added or is missing: change the list on purpose, and never by one that changes accounts, roles or grants."
  }
}

run "deployer_queries_for_the_integration_test" {
  command = plan

  assert {
    condition     = contains([for grant in google_project_iam_member.deployer : grant.role], "roles/bigquery.jobUser")
    error_message = "The integration test of a deployment asks BigQuery: 403 without bigquery.jobs.create."
  }
}

run "deployer_cannot_reach_the_owners_state" {
  command = plan

  variables {
    protected_buckets = ["example-project-foundation-state"]
  }

  assert {
    condition     = google_project_iam_member.buckets["roles/storage.admin"].condition[0].expression == "!resource.name.startsWith('projects/_/buckets/example-project-foundation-state')"
    error_message = "A deployer that writes the owner's state decides what the owner applies next."
  }
}

run "deployer_has_no_broad_roles" {
  command = plan

  assert {
    condition     = length(setintersection([for grant in google_project_iam_member.deployer : grant.role], ["roles/owner", "roles/editor", "roles/iam.serviceAccountUser", "roles/resourcemanager.projectIamAdmin"])) == 0
    error_message = "The deployer is no owner and no editor, and acts only as the accounts it is let act as."
  }
}

run "state_is_the_deployers" {
  command = plan

  assert {
    condition     = google_storage_bucket_iam_member.state["state"].bucket == "example-project-terraform-state" && google_storage_bucket_iam_member.state["state"].role == "roles/storage.objectUser"
    error_message = "The deployer reads and writes Terraform's state."
  }
}

run "owner_role_is_refused" {
  command = plan

  variables {
    deployer_roles = ["roles/owner"]
  }

  expect_failures = [var.deployer_roles]
}

run "roles_that_grant_are_refused" {
  command = plan

  variables {
    deployer_roles = ["roles/iam.serviceAccountAdmin"]
  }

  expect_failures = [var.deployer_roles]
}

run "pull_requests_and_wildcards_are_refused" {
  command = plan

  variables {
    refs = ["refs/pull/1/merge", "refs/heads/*"]
  }

  expect_failures = [var.refs]
}

run "bad_values_are_refused" {
  command = plan

  variables {
    owner_id   = "example"
    repository = "pipeline"
    prefix     = "Production"
  }

  expect_failures = [var.owner_id, var.repository, var.prefix]
}
