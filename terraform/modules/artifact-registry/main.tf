resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84:encrypted with keys that Google keeps; customer keys would be one more thing to lose

  project         = var.project_id
  location        = var.location
  repository_id   = var.repository_id
  description     = "Images of the pipeline's services and of the Dataflow launcher."
  format          = "DOCKER"
  labels          = var.labels
  deletion_policy = var.deletion_protection ? "PREVENT" : "DELETE"

  # A tag that was tested stays what it was.
  docker_config {
    immutable_tags = true
  }

  # Of each image the newest stay, tagged or not: they are what a rollback goes back to.
  cleanup_policies {
    id     = "keep-newest"
    action = "KEEP"

    most_recent_versions {
      keep_count = var.keep_versions
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"

    condition {
      older_than = "${var.keep_days * 86400}s"
      tag_state  = "ANY"
    }
  }
}
