mock_provider "google" {}

variables {
  project_id = "example-project"
  prefix     = "prod"
  accounts = {
    table-manager = { description = "Tables", project_roles = ["roles/bigquery.jobUser"] }
    dataflow      = { description = "Rows", project_roles = ["roles/dataflow.worker"] }
    trigger       = { description = "Delivery" }
  }
  custom_roles = {
    row_writer = {
      title       = "row writer"
      description = "Rows"
      permissions = ["bigquery.tables.get", "bigquery.tables.updateData"]
    }
  }
  users = ["serviceAccount:deployer@example-project.iam.gserviceaccount.com"]
}

run "accounts_are_named_by_prefix" {
  command = plan

  assert {
    condition     = [for account in google_service_account.account : account.account_id] == ["prod-dataflow", "prod-table-manager", "prod-trigger"]
    error_message = "Account ids are prefix, hyphen, name."
  }

  assert {
    condition     = output.members["table-manager"] == "serviceAccount:prod-table-manager@example-project.iam.gserviceaccount.com"
    error_message = "Members are known before the accounts are made."
  }
}

run "project_roles_are_granted_to_no_other_account" {
  command = plan

  assert {
    condition = { for key, grant in google_project_iam_member.project_role : key => grant.role } == {
      "dataflow roles/dataflow.worker"       = "roles/dataflow.worker"
      "table-manager roles/bigquery.jobUser" = "roles/bigquery.jobUser"
    }
    error_message = "Each account has its own project roles and no others."
  }
}

run "row_writer_cannot_alter_tables" {
  command = plan

  assert {
    condition     = google_project_iam_custom_role.role["row_writer"].permissions == toset(["bigquery.tables.get", "bigquery.tables.updateData"])
    error_message = "The job that writes rows must not be able to create, alter or delete tables."
  }

  assert {
    condition     = output.roles["row_writer"] == "projects/example-project/roles/prod_row_writer"
    error_message = "The role is named by prefix."
  }
}

run "deployers_act_as_these_accounts_only" {
  command = plan

  assert {
    condition     = length(google_service_account_iam_member.user) == 3 && alltrue([for grant in google_service_account_iam_member.user : grant.role == "roles/iam.serviceAccountUser"])
    error_message = "Each user may act as each account, and has no other role on it."
  }
}

run "broad_project_roles_are_refused" {
  command = plan

  variables {
    accounts = { table-manager = { description = "Tables", project_roles = ["roles/editor"] } }
  }

  expect_failures = [var.accounts]
}

run "custom_roles_that_grant_are_refused" {
  command = plan

  variables {
    custom_roles = { row_writer = { title = "rows", description = "Rows", permissions = ["bigquery.tables.setIamPolicy"] } }
  }

  expect_failures = [var.custom_roles]
}

run "everybody_as_a_user_is_refused" {
  command = plan

  variables {
    users = ["allAuthenticatedUsers"]
  }

  expect_failures = [var.users]
}

run "long_names_are_refused" {
  command = plan

  variables {
    accounts = { a-name-that-is-much-too-long-for-it = { description = "Too long" } }
  }

  expect_failures = [var.accounts]
}

run "a_project_number_is_refused" {
  command = plan

  variables {
    project_id = "123456789012"
  }

  expect_failures = [var.project_id]
}
