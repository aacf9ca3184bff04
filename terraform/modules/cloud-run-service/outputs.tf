output "grants" {
  description = "Every grant that is made here, as `RESOURCE ROLE MEMBER`."
  value       = [for grant in google_cloud_run_v2_service_iam_member.invoker : "service ${grant.name} ${grant.role} ${grant.member}"]
}

output "name" {
  description = "Name of the service."
  value       = google_cloud_run_v2_service.service.name

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}

output "protected" {
  description = "Whether deleting what holds data is refused."
  value       = google_cloud_run_v2_service.service.deletion_protection
}

output "revision" {
  description = "Revision that was made last and is ready: what a rollback goes back to when the next one fails."
  value       = google_cloud_run_v2_service.service.latest_ready_revision
}

output "uri" {
  description = "Address of the service, without a slash at the end."
  value       = google_cloud_run_v2_service.service.uri

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
