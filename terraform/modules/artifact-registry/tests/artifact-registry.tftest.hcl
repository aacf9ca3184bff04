mock_provider "google" {
  mock_resource "google_artifact_registry_repository" {
    defaults = {
      name = "prod-pipeline"
    }
  }
}

variables {
  project_id    = "example-project"
  location      = "us-central1"
  repository_id = "prod-pipeline"
  readers       = ["serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com"]
  writers       = ["serviceAccount:deployer@example-project.iam.gserviceaccount.com"]
}

run "images_have_a_prefix" {
  command = plan

  assert {
    condition     = output.image_prefix == "us-central1-docker.pkg.dev/example-project/prod-pipeline"
    error_message = "Images are named by region, project and repository."
  }
}

run "repository_is_protected_and_tags_stay" {
  command = plan

  assert {
    condition     = google_artifact_registry_repository.images.deletion_policy == "PREVENT"
    error_message = "Images that run cannot be deleted."
  }

  assert {
    condition     = google_artifact_registry_repository.images.docker_config[0].immutable_tags
    error_message = "A tag stays what it was."
  }
}

run "newest_images_are_kept_whatever_their_age" {
  command = plan

  assert {
    condition     = [for policy in google_artifact_registry_repository.images.cleanup_policies : "${policy.action} ${one(policy.most_recent_versions[*].keep_count)}" if policy.id == "keep-newest"] == ["KEEP 20"]
    error_message = "A rollback finds the images before."
  }

  assert {
    condition     = google_artifact_registry_repository.images.cleanup_policy_dry_run != true
    error_message = "Old images are really deleted."
  }
}

run "readers_read_and_writers_write" {
  command = plan

  assert {
    condition = { for grant in google_artifact_registry_repository_iam_member.repository : grant.member => grant.role } == {
      "serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com" = "roles/artifactregistry.reader"
      "serviceAccount:deployer@example-project.iam.gserviceaccount.com"      = "roles/artifactregistry.writer"
    }
    error_message = "Readers pull, writers push, nobody administers."
  }
}

run "protection_can_be_lifted" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = google_artifact_registry_repository.images.deletion_policy == "DELETE"
    error_message = "Without protection the repository can go."
  }
}

run "public_repositories_are_refused" {
  command = plan

  variables {
    readers = ["allUsers"]
    writers = ["allAuthenticatedUsers"]
  }

  expect_failures = [var.readers, var.writers]
}

run "bad_values_are_refused" {
  command = plan

  variables {
    repository_id = "Prod Pipeline"
    keep_days     = 0
    keep_versions = 1
  }

  expect_failures = [var.repository_id, var.keep_days, var.keep_versions]
}
