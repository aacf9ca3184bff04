mock_provider "google" {}

variables {
  project_id = "example-project"
  prefix     = "example-project-prod"
  location   = "us-central1"
}

run "buckets_are_named_by_prefix" {
  command = plan

  assert {
    condition = output.bucket_names == {
      events    = "example-project-prod-events"
      templates = "example-project-prod-templates"
      staging   = "example-project-prod-staging"
      temp      = "example-project-prod-temp"
    }
    error_message = "Bucket names are prefix and purpose."
  }
}

run "direct_mode_has_only_events" {
  command = plan

  variables {
    delivery_mode = "direct"
  }

  assert {
    condition     = output.bucket_names == { events = "example-project-prod-events" }
    error_message = "Without a job there are no templates and no temporary files."
  }
}

run "no_bucket_can_become_public" {
  command = plan

  assert {
    condition     = alltrue([for bucket in google_storage_bucket.bucket : bucket.public_access_prevention == "enforced" && bucket.uniform_bucket_level_access])
    error_message = "Public access is prevented, and object ACLs are off."
  }
}

run "data_is_protected_by_default" {
  command = plan

  assert {
    condition     = { for key, bucket in google_storage_bucket.bucket : key => bucket.deletion_policy } == { events = "PREVENT", templates = "PREVENT", staging = "PREVENT", temp = "DELETE" }
    error_message = "Events and templates cannot be deleted."
  }

  assert {
    condition     = { for key, bucket in google_storage_bucket.bucket : key => bucket.force_destroy } == { events = false, templates = false, staging = false, temp = true }
    error_message = "Events and templates are not emptied."
  }

  assert {
    condition     = google_storage_bucket.bucket["events"].soft_delete_policy[0].retention_duration_seconds == 604800
    error_message = "A deleted file can be restored for a week."
  }
}

run "protection_can_be_lifted" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = alltrue([for bucket in google_storage_bucket.bucket : bucket.deletion_policy == "DELETE" && bucket.force_destroy])
    error_message = "Without protection buckets go with what is in them."
  }
}

run "events_grow_cold_and_are_kept" {
  command = plan

  assert {
    condition     = toset([for rule in google_storage_bucket.bucket["events"].lifecycle_rule : one(rule.action).type]) == toset(["AbortIncompleteMultipartUpload", "SetStorageClass"])
    error_message = "Unless told otherwise files of events are never deleted."
  }

  assert {
    condition     = [for rule in google_storage_bucket.bucket["events"].lifecycle_rule : "${one(rule.action).storage_class} ${one(rule.condition).age}" if one(rule.action).type == "SetStorageClass"] == ["COLDLINE 90", "NEARLINE 30"]
    error_message = "Files grow cold after thirty and ninety days."
  }
}

run "events_are_deleted_when_told" {
  command = plan

  variables {
    events_days = 365
  }

  assert {
    condition     = [for rule in google_storage_bucket.bucket["events"].lifecycle_rule : one(rule.condition).age if one(rule.action).type == "Delete"] == [365]
    error_message = "events_days deletes files."
  }
}

run "temporary_files_are_deleted" {
  command = plan

  assert {
    condition     = [for rule in google_storage_bucket.bucket["temp"].lifecycle_rule : one(rule.condition).age if one(rule.action).type == "Delete"] == [14]
    error_message = "Temporary files go after two weeks."
  }
}

run "staged_files_are_never_deleted_by_age" {
  command = plan

  assert {
    condition     = length([for rule in google_storage_bucket.bucket["staging"].lifecycle_rule : rule if one(rule.action).type == "Delete"]) == 0
    error_message = "A worker that a running job adds after months still fetches what was staged at its start."
  }
}

run "members_are_granted_on_the_bucket" {
  command = plan

  variables {
    bucket_iam = { templates = { "roles/storage.objectViewer" = ["serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com"] } }
  }

  assert {
    condition = [for grant in google_storage_bucket_iam_member.bucket : "${grant.bucket} ${grant.role} ${grant.member}"] == [
      "example-project-prod-templates roles/storage.objectViewer serviceAccount:prod-dataflow@example-project.iam.gserviceaccount.com",
    ]
    error_message = "Members are granted on the bucket."
  }
}

run "public_buckets_are_refused" {
  command = plan

  variables {
    bucket_iam = { events = { "roles/storage.objectViewer" = ["allUsers"] } }
  }

  expect_failures = [var.bucket_iam]
}

run "bad_values_are_refused" {
  command = plan

  variables {
    prefix                 = "goog-Events"
    events_days            = 0
    temp_days              = 0
    events_storage_classes = { FROZEN = 10 }
    delivery_mode          = "both"
  }

  expect_failures = [var.prefix, var.events_days, var.temp_days, var.events_storage_classes, var.delivery_mode]
}
