output "grants" {
  description = "Every grant that is made here, as `RESOURCE ROLE MEMBER`."
  value       = ["service ${google_cloud_run_v2_service_iam_member.invoker.name} ${google_cloud_run_v2_service_iam_member.invoker.role} ${google_cloud_run_v2_service_iam_member.invoker.member}"]
}

output "names" {
  description = "Names of the jobs."
  value       = keys(google_cloud_scheduler_job.job)
}
