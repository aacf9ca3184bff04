output "deployer_email" {
  description = "E-mail address of the deployer's account, for `service_account` of google-github-actions/auth."
  value       = "${google_service_account.deployer.account_id}@${var.project_id}.iam.gserviceaccount.com"
}

output "grants" {
  description = "Every grant that is made here, as `RESOURCE ROLE MEMBER`."
  value = concat(
    [for grant in concat(values(google_project_iam_member.deployer), values(google_project_iam_member.buckets)) : "project ${grant.project} ${grant.role} serviceAccount:${var.prefix}-deployer@${var.project_id}.iam.gserviceaccount.com"],
    [for grant in google_storage_bucket_iam_member.state : "bucket ${grant.bucket} ${grant.role} serviceAccount:${var.prefix}-deployer@${var.project_id}.iam.gserviceaccount.com"],
  )
}

output "provider_name" {
  description = "Full name of the provider, for `workload_identity_provider` of google-github-actions/auth."
  value       = google_iam_workload_identity_pool_provider.github.name
}
