locals {
  _buckets = merge(
    { events = "${var.prefix}-events" },
    # Templates, staged files and temporary files exist only with a job. No rule deletes staged files: the workers that a
    # running job adds fetch them months later.
    var.delivery_mode == "dataflow" ? { templates = "${var.prefix}-templates", staging = "${var.prefix}-staging", temp = "${var.prefix}-temp" } : {},
  )

  # Deleting temporary files loses nothing; everything else is protected.
  _protected = { for key in keys(local._buckets) : key => var.deletion_protection && key != "temp" }
}

resource "google_storage_bucket" "bucket" {
  #checkov:skip=CKV_GCP_62:who reads is in Cloud Audit Logs; usage logs would need a bucket of their own

  for_each = local._buckets

  project                     = var.project_id
  name                        = each.value
  location                    = var.location
  labels                      = var.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !local._protected[each.key]
  deletion_policy             = local._protected[each.key] ? "PREVENT" : "DELETE"

  # What is deleted by mistake can be restored for a week; of temporary files nothing is kept.
  soft_delete_policy {
    retention_duration_seconds = each.key == "temp" ? 0 : 604800
  }

  # The job and the launcher read templates by a versioned path, so an overwritten one must stay readable.
  versioning {
    enabled = each.key == "templates"
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 7
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.key == "events" ? var.events_storage_classes : {}

    content {
      action {
        type          = "SetStorageClass"
        storage_class = lifecycle_rule.key
      }
      condition {
        age = lifecycle_rule.value
      }
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.key == "events" && var.events_days != null ? [var.events_days] : []

    content {
      action {
        type = "Delete"
      }
      condition {
        age = lifecycle_rule.value
      }
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.key == "temp" ? [var.temp_days] : []

    content {
      action {
        type = "Delete"
      }
      condition {
        age = lifecycle_rule.value
      }
    }
  }
}
