output "grants" {
  description = "Every grant that is made here, as `RESOURCE ROLE MEMBER`."
  value       = [for grant in google_artifact_registry_repository_iam_member.repository : "repository ${var.repository_id} ${grant.role} ${grant.member}"]
}

output "image_prefix" {
  description = "What the names of images begin with (`us-central1-docker.pkg.dev/<project>/<repository>`)."
  value       = "${var.location}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"

  depends_on = [google_artifact_registry_repository_iam_member.repository]
}

output "protected" {
  description = "Whether deleting what holds data is refused."
  value       = google_artifact_registry_repository.images.deletion_policy == "PREVENT"
}
