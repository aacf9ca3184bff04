locals {
  _project_grants = merge([
    for key, account in var.accounts : {
      for role in account.project_roles : "${key} ${role}" => { account = key, role = role }
    }
  ]...)

  _user_grants = merge([
    for key in keys(var.accounts) : {
      for member in var.users : "${key} ${member}" => { account = key, member = member }
    }
  ]...)
}

# Only roles that no single resource can grant; every other grant is in the module of the resource.
resource "google_project_iam_member" "project_role" {
  for_each = local._project_grants

  project = var.project_id
  role    = each.value.role
  member  = google_service_account.account[each.value.account].member
}

# Deployers may run services and jobs as these accounts, and as no others.
resource "google_service_account_iam_member" "user" {
  for_each = local._user_grants

  service_account_id = google_service_account.account[each.value.account].name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value.member
}
