output "deployer_email" {
  description = "E-mail address of the deployer's account, for `service_account` of google-github-actions/auth."
  value       = "${google_service_account.deployer.account_id}@${var.project_id}.iam.gserviceaccount.com"
}

output "provider_name" {
  description = "Full name of the provider, for `workload_identity_provider` of google-github-actions/auth."
  value       = google_iam_workload_identity_pool_provider.github.name
}
