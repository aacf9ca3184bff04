locals {
  # Known before anything is made, so that IAM bindings can be planned member by member.
  _emails = {
    for key in keys(var.accounts) : key => "${var.prefix}-${key}@${var.project_id}.iam.gserviceaccount.com"
  }
}

resource "google_service_account" "account" {
  for_each = var.accounts

  project      = var.project_id
  account_id   = "${var.prefix}-${each.key}"
  display_name = "${var.prefix}-${each.key}"
  description  = each.value.description
}

# Roles with exactly the permissions that the code uses, where the predefined ones hold more.
resource "google_project_iam_custom_role" "role" {
  for_each = var.custom_roles

  project     = var.project_id
  role_id     = replace("${var.prefix}_${each.key}", "-", "_")
  title       = "${var.prefix} ${each.value.title}"
  description = each.value.description
  permissions = each.value.permissions
}
