output "emails" {
  description = "E-mail address of each account, by its name without prefix."
  value       = local._emails

  depends_on = [google_service_account.account]
}

output "grants" {
  description = "Every grant that is made here, as `RESOURCE ROLE MEMBER`."
  value = concat(
    [for key, grant in local._project_grants : "project ${var.project_id} ${grant.role} serviceAccount:${local._emails[grant.account]}"],
    [for key, grant in local._user_grants : "account ${local._emails[grant.account]} roles/iam.serviceAccountUser ${grant.member}"],
  )
}

output "members" {
  description = "Each account as an IAM member (`serviceAccount:…`), by its name without prefix."
  value       = { for key, email in local._emails : key => "serviceAccount:${email}" }

  depends_on = [google_service_account.account]
}

output "roles" {
  description = "Id of each custom role (`projects/…/roles/…`), by its name without prefix."
  value       = { for key, role in google_project_iam_custom_role.role : key => "projects/${var.project_id}/roles/${role.role_id}" }
}
