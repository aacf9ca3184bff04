output "deployer_email" {
  description = "Account that GitHub's workflows become; null without federation."
  value       = one([for federation in values(module.github_federation) : federation.deployer_email])
}

output "foundation" {
  description = "Value of the environment's variable `foundation`; scripts/bootstrap.sh writes it to the state bucket."
  value = {
    deployers        = local._deployers
    operators        = var.operators
    project_number   = module.project_services.number
    readers          = var.readers
    revision         = local._revision
    roles            = module.service_accounts.roles
    service_accounts = module.service_accounts.emails
    subnetwork       = try(coalesce(var.subnetwork, one([for network in values(module.network) : network.subnetwork])), null)
  }

  depends_on = [time_sleep.iam]
}

output "grants" {
  description = "Every grant on the project and on accounts, as `RESOURCE ROLE MEMBER`."
  value = sort(concat(
    module.service_accounts.grants,
    flatten([for federation in values(module.github_federation) : federation.grants]),
    [for grant in google_project_iam_member.query : "project ${grant.project} ${grant.role} ${grant.member}"],
    [for grant in google_project_iam_member.console : "project ${grant.project} ${grant.role} ${grant.member}"],
  ))
}

output "services" {
  description = "Services that are switched on."
  value       = module.project_services.services
}

output "workload_identity_provider" {
  description = "Provider that GitHub's workflows log in with; null without federation."
  value       = one([for federation in values(module.github_federation) : federation.provider_name])
}
