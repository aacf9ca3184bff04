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

# What the Dataflow job may do to tables: read their schema and append rows. It never alters one; table-manager does.
resource "google_project_iam_custom_role" "row_writer" {
  project     = var.project_id
  role_id     = replace("${var.prefix}_row_writer", "-", "_")
  title       = "${var.prefix} row writer"
  description = "Read table schemas and append rows, without creating or altering tables."
  permissions = [
    "bigquery.tables.get",
    "bigquery.tables.updateData",
  ]
}
